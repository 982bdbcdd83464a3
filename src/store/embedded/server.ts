import type { ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { folderTrouble } from "../../config/data-folder.ts";
import { StartRefusal } from "../../config/refusal.ts";
import { type Clock, machineClock } from "../../runtime/clock.ts";
import { isAlive } from "../../runtime/is-alive.ts";
import { chooseAccount } from "./account.ts";
import { findBinaries } from "./binaries.ts";
import { lockFolder } from "./folder-lock.ts";
import { type Folders, makeFolders, makeSocketFolder } from "./folders.ts";
import { initialise } from "./initialise.ts";
import { spawnServer } from "./keeper.ts";
import { endLeftover, readNote } from "./leftover.ts";
import { linkLibraries, serverEnvironment } from "./libraries.ts";
import { ServerLog } from "./server-log.ts";

export interface EmbeddedOptions {
  readonly dataDir: string;
  /** Called once when the server ends without having been asked to. */
  readonly onExit?: (end: ServerEnd) => void;
  /** Further server settings, e.g. `fsync: "off"` for tests that need no durability. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
}

/** How a server ended that nobody had asked to. */
export interface ServerEnd {
  readonly code: number | null;
  /** Its own reason, where it left one. */
  readonly panic: string | undefined;
}

/** A running PostgreSQL of our own. */
export interface EmbeddedServer {
  /** Folder of its socket; the only way in. */
  readonly socketDir: string;
  /** Process id of the server itself. */
  readonly pid: number;
  /** Stops it, open connections cut; resolves when it is down and the folder is free. Repeatable. */
  stop(): Promise<void>;
  /** Starts it again after it ended by itself, on the same socket. */
  restart(): Promise<void>;
}

const POLL_MS = 10;

/** After a crash the server first replays what was written since the last checkpoint. */
const START_LIMIT_MS = 60_000;

/** A fast stop writes a checkpoint first; on a slow disk that takes seconds. */
const STOP_LIMIT_MS = 20_000;

/**
 * Starts PostgreSQL in the data folder, setting it up at the first time.
 * @throws StartRefusal with one line for the user, when the folder is taken or cannot be used.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const clock = options.clock ?? machineClock;
  const binaries = findBinaries();
  const folders = makeFolders(options.dataDir);
  const unlock = await lockFolder(folders.home);
  try {
    const env = serverEnvironment(binaries, folders.libraries);
    linkLibraries(binaries, folders.libraries);
    const account = await chooseAccount(binaries, folders, env);
    account.own(folders.root);
    await initialise(binaries, folders, account, env);
    const socketDir = makeSocketFolder(folders.root);
    account.own(socketDir);
    const launch = async (): Promise<Launched> => {
      await endLeftover(folders.cluster, socketDir, clock);
      const log = new ServerLog(folders.log);
      const extra = options.settings ?? {};
      const child = spawnServer(binaries, folders, account, env, socketDir, extra);
      await untilReady(child, folders, log, clock);
      return { child, log };
    };
    const onExit = options.onExit ?? (() => {});
    const server = new Embedded({ socketDir, folders, clock, launch, unlock, onExit });
    await server.restart();
    return server;
  } catch (thrown) {
    await unlock();
    throw folderTrouble(options.dataDir, thrown);
  }
}

interface Launched {
  readonly child: ChildProcess;
  readonly log: ServerLog;
}

interface EmbeddedDeps {
  readonly socketDir: string;
  readonly folders: Folders;
  readonly clock: Clock;
  readonly launch: () => Promise<Launched>;
  readonly unlock: () => Promise<void>;
  readonly onExit: (end: ServerEnd) => void;
}

class Embedded implements EmbeddedServer {
  readonly socketDir: string;
  readonly #deps: EmbeddedDeps;
  #child: ChildProcess | undefined;
  #starting: Promise<void> = Promise.resolve();
  #exited: Promise<void> = Promise.resolve();
  #stopping = false;

  constructor(deps: EmbeddedDeps) {
    this.socketDir = deps.socketDir;
    this.#deps = deps;
  }

  get pid(): number {
    return readNote(this.#deps.folders.cluster)?.pid ?? 0;
  }

  restart(): Promise<void> {
    this.#starting = this.#start();
    return this.#starting;
  }

  async #start(): Promise<void> {
    if (this.#stopping) return;
    const { child, log } = await this.#deps.launch();
    if (child.exitCode !== null || child.signalCode !== null) {
      child.stdin?.end();
      throw new StartRefusal("the embedded PostgreSQL ended as soon as it had started");
    }
    this.#child = child;
    this.#exited = new Promise((done) => {
      child.once("exit", (code) => {
        child.stdin?.end();
        done();
        if (!this.#stopping) this.#deps.onExit({ code, panic: log.panic() });
      });
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#starting.catch(() => {}); // whoever asked for the start is told
    this.#child?.stdin?.end();
    await this.#untilEnded();
    if (!this.socketDir.startsWith(this.#deps.folders.root)) {
      rmSync(this.socketDir, { recursive: true, force: true });
    }
    await this.#deps.unlock();
  }

  /** A server that hangs is killed: what it has committed is in its log, and replayed at its next start. */
  async #untilEnded(): Promise<void> {
    const cancel = this.#deps.clock.after(STOP_LIMIT_MS, () => {
      const keeper = this.#child?.pid;
      if (keeper !== undefined) process.kill(-keeper, "SIGKILL"); // the keeper leads their group
    });
    await this.#exited;
    cancel();
  }
}

async function untilReady(
  child: ChildProcess,
  folders: Folders,
  log: ServerLog,
  clock: Clock,
): Promise<void> {
  let failed: Error | undefined;
  child.on("error", (error) => (failed = error));
  child.stdin?.on("error", () => {}); // the keeper may be gone before we close our end
  const until = clock.monotonicMs() + START_LIMIT_MS;
  while (!isReady(folders.cluster)) {
    const over = failed !== undefined || child.exitCode !== null || child.signalCode !== null;
    if (over || clock.monotonicMs() > until) {
      child.stdin?.end();
      throw new StartRefusal(
        `the embedded PostgreSQL did not start: ${failed?.message ?? log.complaint()} (log: ${folders.log})`,
        failed,
      );
    }
    await clock.sleep(POLL_MS);
  }
}

/** A note may be an older server's. */
function isReady(cluster: string): boolean {
  const note = readNote(cluster);
  return note !== undefined && note.ready && isAlive(note.pid);
}
