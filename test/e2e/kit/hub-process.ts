import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../../src/system/package-root.ts";

/** A cold machine may have to build first. */
const START_TIMEOUT_MS = 90_000;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A data folder that is gone after the test. */
export function dataFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "hub-e2e-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A hub in a process of its own, as a user starts it. */
export class HubProcess {
  readonly #child: ChildProcess;
  readonly #dataDir: string;
  readonly #ended: Promise<Ended>;
  #stdout = "";
  #stderr = "";
  url = "";

  private constructor(dataDir: string, settings: Readonly<Record<string, string>>) {
    this.#dataDir = dataDir;
    this.#child = spawn(process.execPath, ["bin/start.mjs"], {
      cwd: packageRoot,
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: process.env["HOME"] ?? "",
        PORT: "0",
        LOG_LEVEL: "info",
        ...settings,
        HUB_DATA_DIR: dataDir,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child.stdout?.on("data", (chunk: Buffer) => (this.#stdout += chunk.toString()));
    this.#child.stderr?.on("data", (chunk: Buffer) => (this.#stderr += chunk.toString()));
    // A test that fails in the middle of its work leaves no hub behind.
    const end = (): boolean => this.#child.kill("SIGKILL");
    process.once("exit", end);
    this.#ended = new Promise((resolve) => {
      this.#child.once("exit", (code, signal) => {
        process.off("exit", end);
        resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
  }

  /** Starts a hub and waits for its one line on stdout. */
  static async start(
    dataDir: string,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<HubProcess> {
    const hub = new HubProcess(dataDir, settings);
    const line = /listening on (http:\/\/\S+)/;
    const ended = hub.#ended.then((end) => {
      throw new Error(`the hub ended with ${end.code}: ${end.stderr.slice(-2_000)}`);
    });
    const listening = until(
      () => line.exec(hub.#stdout)?.[1],
      START_TIMEOUT_MS,
      "the hub to listen",
    );
    hub.url = await Promise.race([listening, ended]);
    return hub;
  }

  /** Starts a hub that is expected to refuse, and waits for its end. */
  static refused(dataDir: string, settings: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return new HubProcess(dataDir, settings).#ended;
  }

  /** Starts a hub and kills it so many ms later, wherever it is by then. */
  static async killedAfter(
    ms: number,
    dataDir: string,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<Ended> {
    const hub = new HubProcess(dataDir, settings);
    await new Promise((resolve) => setTimeout(resolve, ms));
    return hub.stop("SIGKILL");
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get stderr(): string {
    return this.#stderr;
  }

  get stdout(): string {
    return this.#stdout;
  }

  /** The operator's token, as the hub left it for its command line. */
  token(): string {
    return readFileSync(join(this.#dataDir, "operator.token"), "utf8").trim();
  }

  /** A request as anybody may make it. One that nobody takes is told with the hub's last words. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    try {
      return await fetch(new URL(path, this.url), init);
    } catch (thrown) {
      const { cause } = thrown as { readonly cause?: { readonly code?: string } };
      if (cause?.code !== "ECONNREFUSED") throw thrown;
      const words = this.#stderr.slice(-4_000);
      // Still what `fetch` throws, since tests that kill their hub know it by that.
      throw new TypeError(`the hub no longer listens; its last words: ${words}`, { cause });
    }
  }

  /** A request with the operator's token, its body read as JSON. */
  async request(path: string, init: RequestInit = {}): Promise<{ status: number; body: unknown }> {
    const headers = {
      authorization: `Bearer ${this.token()}`,
      "content-type": "application/json",
    };
    const answer = await this.fetch(path, { headers, ...init });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? null : (JSON.parse(text) as unknown) };
  }

  async get<Body>(path: string): Promise<Body> {
    const { status, body } = await this.request(path);
    if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`);
    return body as Body;
  }

  post(path: string, body: unknown): Promise<{ status: number; body: unknown }> {
    return this.request(path, { method: "POST", body: JSON.stringify(body) });
  }

  stop(signal: NodeJS.Signals = "SIGTERM"): Promise<Ended> {
    this.#child.kill(signal);
    return this.#ended;
  }
}

/** Looks again and again until there is an answer. */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs: number,
  what: string,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
