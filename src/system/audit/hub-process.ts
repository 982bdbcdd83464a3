import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Variables } from "../../config/env.ts";
import type { Cancel } from "../../runtime/clock.ts";
import { binDir } from "../package-root.ts";
import { heapFlags } from "./heap.ts";
import { watchProcesses } from "./processes.ts";
import type { Site } from "./site.ts";
import { until } from "./until.ts";

/** A machine that is busy, or has to build first, takes its time. */
const START_LIMIT_MS = 120_000;

/** A hub in a process of its own, started as users start it, of which everything is noted. */
export class AuditedHub {
  readonly ended: Promise<number | string>;
  readonly #child: ChildProcess;
  readonly #unwatch: Cancel;
  #stdout = "";
  url = "";

  private constructor(site: Site, label: string, settings: Variables) {
    const args = [...heapFlags(site.heapDir), join(binDir, "start.mjs")];
    const env = { ...settings, HOME: site.folder, TMPDIR: site.tempDir };
    this.#child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    site.adopt(this.#child);
    this.#child.stdout?.on("data", (piece: Buffer) => {
      site.see("stdout", label, piece);
      this.#stdout += piece.toString();
    });
    this.#child.stderr?.on("data", (piece: Buffer) => site.see("stderr", label, piece));
    this.ended = new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      this.#child.once("close", (code, signal) => resolve(code ?? signal ?? ""));
    });
    this.#unwatch = watchProcesses(site, this.pid);
    void this.ended.finally(this.#unwatch).catch(() => {});
  }

  /** Starts a hub and waits until it listens. @throws Error when it does not start. */
  static async start(site: Site, label: string, settings: Variables): Promise<AuditedHub> {
    const hub = new AuditedHub(site, label, settings);
    const ended = hub.ended.then((end) => {
      throw new Error(`the hub of "${site.scenario}", ${label}, ended with ${end} at its start`);
    });
    const listening = until(site.clock, START_LIMIT_MS, "the hub to listen", () => {
      return /listening on (http:\/\/\S+)/.exec(hub.#stdout)?.[1];
    });
    hub.url = await Promise.race([listening, ended]);
    return hub;
  }

  /** Starts a hub that has to refuse; answers how it ended. */
  static refused(site: Site, label: string, settings: Variables): Promise<number | string> {
    return new AuditedHub(site, label, settings).ended;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | string> {
    this.#child.kill(signal);
    return this.ended;
  }
}
