import type { ChildProcess } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../runtime/clock.ts";
import type { Canary } from "../../vault/leaks/canary.ts";
import type { Channel } from "./report.ts";

/** Something that came out of a hub, kept until every canary is known. */
export interface Seen {
  readonly channel: Channel;
  readonly place: string;
  readonly pieces: Buffer[];
}

/** The ground of one scenario: its folders, what was planted in it and what came out of it. */
export class Site {
  readonly scenario: string;
  readonly clock: Clock;
  readonly folder: string;
  readonly dataDir: string;
  /** For a database server that is not the hub's own. */
  readonly databaseDir: string;
  readonly tempDir: string;
  readonly heapDir: string;
  readonly planted: (Canary & { readonly where: string })[] = [];
  readonly driven: string[] = [];
  readonly skipped: string[] = [];
  readonly #seen = new Map<string, Seen>();
  readonly #homes = new Set<string>();
  readonly #children = new Set<ChildProcess>();

  constructor(scenario: string, clock: Clock) {
    this.scenario = scenario;
    this.clock = clock;
    this.folder = mkdtempSync(join(tmpdir(), "hub-audit-"));
    this.dataDir = join(this.folder, "data");
    this.databaseDir = join(this.folder, "database");
    this.tempDir = join(this.folder, "tmp");
    this.heapDir = join(this.folder, "heap");
    // The database may run as another user.
    const own = [this.dataDir, this.databaseDir, this.tempDir, this.heapDir];
    for (const path of [this.folder, ...own]) {
      mkdirSync(path, { recursive: true });
      chmodSync(path, 0o755);
    }
    chmodSync(this.tempDir, 0o777);
  }

  /** Notes a canary; answers its value, for whoever puts it in its place. */
  plant(name: string, where: string, value: string): string {
    this.planted.push({ name, where, value });
    return value;
  }

  /** Says that a canary lives in a file: there, and only there, it is no leak. */
  livesIn(name: string, path: string): void {
    this.#homes.add(`${name}\0${path}`);
  }

  isHome(name: string, path: string): boolean {
    return this.#homes.has(`${name}\0${path}`);
  }

  /** Keeps what came out, after what came out there before. */
  see(channel: Channel, place: string, piece: Buffer | string): void {
    const key = `${channel}\0${place}`;
    const seen = this.#seen.get(key) ?? { channel, place, pieces: [] };
    seen.pieces.push(Buffer.from(piece as string));
    this.#seen.set(key, seen);
  }

  get seen(): Iterable<Seen> {
    return this.#seen.values();
  }

  did(what: string): void {
    this.driven.push(what);
  }

  skip(what: string): void {
    if (!this.skipped.includes(what)) this.skipped.push(what);
  }

  /** Takes note of a process that must not outlive the scenario. */
  adopt(child: ChildProcess): void {
    this.#children.add(child);
    child.once("exit", () => this.#children.delete(child));
  }

  /** Ends what still runs, and leaves nothing behind. */
  remove(): void {
    for (const child of this.#children) child.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
