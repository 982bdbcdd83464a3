import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../e2e/kit/hub-process.ts";

const START_TIMEOUT_MS = 20_000;

/** A program that serves HTTP on a free port of loopback, with a folder of its own, until it is stopped. */
export class Daemon {
  readonly #child: ChildProcess;
  readonly #folder: string;
  #said = "";
  url = "";

  private constructor(folder: string, program: string, args: readonly string[]) {
    this.#folder = folder;
    this.#child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
    this.#child.stderr?.on("data", (chunk: Buffer) => (this.#said += chunk.toString()));
  }

  /** @param argsIn the arguments, given the daemon's own folder, which is empty. */
  static async start(
    program: string,
    argsIn: (folder: string) => readonly string[],
  ): Promise<Daemon> {
    const folder = mkdtempSync(join(tmpdir(), "hub-daemon-"));
    const daemon = new Daemon(folder, program, argsIn(folder));
    try {
      daemon.url = await until(() => daemon.#address(), START_TIMEOUT_MS, `${program} to listen`);
      const isReady = async () => (await fetch(`${daemon.url}/-/ready`)).ok;
      await until(isReady, START_TIMEOUT_MS, `${program} to be ready`);
      return daemon;
    } catch (error) {
      await daemon.stop();
      throw error;
    }
  }

  /** What it complained of or told so far. */
  get said(): string {
    return this.#said;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #address(): string | undefined {
    if (this.#child.exitCode !== null) throw new Error(`it ended at once: ${this.#said}`);
    const address = /msg="Listening on" address=(\S+)/.exec(this.#said)?.[1];
    return address === undefined ? undefined : `http://${address}`;
  }
}
