import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { MIGRATIONS_DIR } from "../../kit/store.ts";

const HOOK = fileURLToPath(new URL("../embedded/ts-hook.mjs", import.meta.url));
const WRITER = fileURLToPath(new URL("./hub-writer.ts", import.meta.url));

/** A writer in a process of its own. It loads, and waits for the word to open the store and write. */
export class WriterProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #output = "";

  constructor(dataDir: string, name: string) {
    const args = ["--import", HOOK, WRITER, dataDir, MIGRATIONS_DIR, name];
    this.#child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#child.stdout?.on("data", (chunk: Buffer) => (this.#output += chunk.toString()));
    this.#ended = new Promise((done) => this.#child.once("close", () => done()));
  }

  /** Resolves when it begins to open the store. */
  async begin(): Promise<void> {
    await this.#until(() => this.#output.includes("loaded\n"));
    this.#child.stdin?.write("go\n");
  }

  /** Resolves when the store is open and so many calls have returned. */
  wrote(calls: number): Promise<void> {
    const told = (): number => this.#output.split("\n").length - "loaded|open|".split("|").length;
    return this.#until(() => this.#output.includes("open\n") && told() >= calls);
  }

  /** Kills it, and answers what it was told until then. */
  async kill(): Promise<string> {
    this.#child.kill("SIGKILL");
    await this.#ended;
    return this.#output;
  }

  async #until(what: () => boolean): Promise<void> {
    while (!what()) {
      if (this.#child.exitCode !== null) throw new Error("the writer ended by itself");
      await sleep(1);
    }
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
