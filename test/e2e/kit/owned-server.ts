import { readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type EmbeddedServer, startEmbedded } from "../../../src/store/embedded/server.ts";
import { connect } from "../../../src/store/pg/connection.ts";
import { FAST, migratedDataDir } from "../../kit/store.ts";

/** A PostgreSQL that belongs to a test, and that a hub reaches by `DATABASE_URL`. */
export class OwnedServer {
  readonly #dataDir: string;
  #server: EmbeddedServer;

  private constructor(dataDir: string, server: EmbeddedServer) {
    this.#dataDir = dataDir;
    this.#server = server;
  }

  static async start(): Promise<OwnedServer> {
    const dataDir = await migratedDataDir();
    return new OwnedServer(dataDir, await startEmbedded({ dataDir, settings: FAST }));
  }

  get socketDir(): string {
    return this.#server.socketDir;
  }

  /** @param login user, and password where the server asks for one. */
  url(login: Readonly<Record<string, string>> = { user: "postgres" }): string {
    const query = new URLSearchParams({ host: this.socketDir, ...login });
    return `postgresql:///postgres?${query.toString()}`;
  }

  async sql(text: string): Promise<void> {
    const client = await connect({ socketDir: this.socketDir });
    await client.query(text);
    await client.end();
  }

  /** From now on that user has to show a password; others need none. */
  async askForPasswords(user: string): Promise<void> {
    const rules = join(this.#dataDir, "postgres", "cluster", "pg_hba.conf");
    writeFileSync(rules, `local all ${user} scram-sha-256\n${readFileSync(rules, "utf8")}`);
    await this.sql("select pg_reload_conf()");
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  /** Starts it again on the same socket. */
  async startAgain(): Promise<void> {
    this.#server = await startEmbedded({ dataDir: this.#dataDir, settings: FAST });
  }

  /** Lets it hang: it is there, takes connections, and answers nobody. */
  freeze(): void {
    this.#signal("SIGSTOP");
  }

  thaw(): void {
    this.#signal("SIGCONT");
  }

  async remove(): Promise<void> {
    this.thaw();
    await this.#server.stop();
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  #signal(signal: NodeJS.Signals): void {
    for (const pid of serverProcesses(this.#dataDir)) {
      try {
        process.kill(pid, signal);
      } catch {
        // A worker that has just ended needs no signal.
      }
    }
  }
}

/** The server of a data folder and its workers, the server first. */
export function serverProcesses(dataDir: string): number[] {
  const cluster = join(dataDir, "postgres", "cluster");
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
  return pids.filter((pid) => {
    try {
      const name = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
      return name === "postgres" && readlinkSync(`/proc/${pid}/cwd`) === cluster;
    } catch {
      return false; // gone meanwhile, or somebody else's
    }
  });
}
