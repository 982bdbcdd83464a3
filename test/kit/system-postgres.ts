import { type ChildProcess, execFile, execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { isAlive } from "../../src/runtime/is-alive.ts";
import { chooseAccount, type ServerAccount } from "../../src/store/embedded/account.ts";
import type { Binaries } from "../../src/store/embedded/binaries.ts";
import { type Folders, makeFolders, makeSocketFolder } from "../../src/store/embedded/folders.ts";
import { spawnServer } from "../../src/store/embedded/keeper.ts";
import { readNote } from "../../src/store/embedded/leftover.ts";

const OLDEST = 15;
const DEBIAN = "/usr/lib/postgresql";
const ENVIRONMENT = { PATH: "/usr/local/bin:/usr/bin:/bin", LANG: "C.UTF-8", TZ: "UTC" };

/** The folder of the socket keeps strangers out; whoever comes by name shows a password. */
const WHO_MAY_ENTER = `
local all postgres trust
local all all scram-sha-256
`;

const run = promisify(execFile);

/** Debian's newest PostgreSQL, or the one on the PATH; undefined when neither is 15 or newer. */
export function findPostgres(): Binaries | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number) : [];
  const debian = versions
    .filter((version) => version >= OLDEST)
    .toSorted((a, b) => b - a)
    .map((version) => join(DEBIAN, String(version), "bin"));
  const onPath = (process.env["PATH"] ?? "").split(delimiter).filter((dir) => dir !== "");
  const bin = [...debian, ...onPath].find(
    (dir) => existsSync(join(dir, "initdb")) && versionIn(dir) >= OLDEST,
  );
  if (bin === undefined) return undefined;
  return { native: dirname(bin), initdb: join(bin, "initdb"), postgres: join(bin, "postgres") };
}

function versionIn(bin: string): number {
  try {
    const said = execFileSync(join(bin, "postgres"), ["--version"], { encoding: "utf8" });
    return Number(/(\d+)/.exec(said)?.[1]);
  } catch {
    return 0;
  }
}

/**
 * A throw-away PostgreSQL of the system's, on a socket that only its owner reaches. The hub's own
 * keeper holds it, so that it ends with the process that started it, however that ends.
 */
export class SystemPostgres {
  readonly #binaries: Binaries;
  readonly #settings: Readonly<Record<string, string>>;
  #folders: Folders | undefined;
  #account: ServerAccount | undefined;
  #child: ChildProcess | undefined;
  #socketDir = "";

  constructor(binaries: Binaries, settings: Readonly<Record<string, string>>) {
    this.#binaries = binaries;
    this.#settings = settings;
  }

  get socketDir(): string {
    return this.#socketDir;
  }

  /** The way to a database of it as its superuser, as a user would write it. */
  url(database = "postgres"): string {
    return `postgresql://postgres@/${database}?host=${encodeURIComponent(this.#socketDir)}`;
  }

  /** Starts it, also again after {@link stop}. */
  async start(): Promise<void> {
    const folders = this.#folders ?? (await this.#setUp());
    const account = this.#account as ServerAccount;
    const settings = this.#settings;
    const socketDir = this.#socketDir;
    const child = spawnServer(this.#binaries, folders, account, ENVIRONMENT, socketDir, settings);
    this.#child = child;
    const isReady = (): boolean => {
      const note = readNote(folders.cluster);
      return note !== undefined && note.ready && isAlive(note.pid);
    };
    while (!isReady()) {
      if (child.exitCode !== null) throw new Error(`PostgreSQL ended, see ${folders.log}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Stops it, open connections cut. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.stdin?.end();
    await ended;
  }

  /** Stops it and leaves nothing behind. */
  async remove(): Promise<void> {
    await this.stop();
    for (const path of [this.#socketDir, this.#folders?.home ?? ""]) {
      if (path !== "") await rm(path, { recursive: true, force: true });
    }
  }

  async #setUp(): Promise<Folders> {
    const home = mkdtempSync(join(tmpdir(), "hub-postgres-"));
    chmodSync(home, 0o755); // the server may run as another user
    const folders = makeFolders(home);
    this.#folders = folders;
    const account = await chooseAccount(this.#binaries, folders, ENVIRONMENT);
    account.own(folders.root);
    mkdirSync(folders.cluster, { mode: 0o700 });
    account.own(folders.cluster);
    const flags = ["-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"];
    flags.push("--data-checksums"); // as the embedded one has them
    const words = [...account.prefix, this.#binaries.initdb, "-D", folders.cluster, ...flags];
    const [command = "", ...args] = words;
    await run(command, args, { ...account.as, env: ENVIRONMENT, cwd: folders.root });
    writeFileSync(join(folders.cluster, "pg_hba.conf"), WHO_MAY_ENTER);
    this.#socketDir = makeSocketFolder(folders.root);
    account.own(this.#socketDir);
    this.#account = account;
    return folders;
  }
}
