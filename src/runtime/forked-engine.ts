import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describeExit } from "./comedy/launch.ts";
import type { StagedFork } from "./comedy/stage.ts";
import { compiledUrl } from "./compiled.ts";
import { defaults } from "./defaults.ts";
import type { Engine } from "./engine.ts";
import { type Reply, type ToChild, valueOf } from "./envelope.ts";
import { FailureError } from "./errors.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { Kit } from "./kit.ts";
import { withLimit } from "./limit.ts";
import type { Work } from "./mailbox.ts";
import type { Protocol } from "./protocol.ts";
import type { ForkedSpec, ProcessFigures } from "./spec.ts";

/** Code of the failure of a child that ended by itself without any. */
export const EXITED_NORMALLY = "exited-normally";

/** A failed child ends by itself, saying why; one that does not is killed after this, ms. */
const FAREWELL_MS = 1_000;

const hostPath = fileURLToPath(compiledUrl("./comedy/host.ts", import.meta.url));

/**
 * Runs an actor in a process of its own. The mailbox stays here: the child gets one message at a
 * time, or one batch, so that what waits survives the child's death.
 */
export class ForkedEngine implements Engine {
  readonly #kit: Kit;
  readonly #id: string;
  readonly #spec: ForkedSpec<Protocol>;
  readonly #onFailed: (error: Error) => void;
  #worker: ChildProcess | undefined;
  #fork: StagedFork | undefined;
  #exited: Promise<void> = Promise.resolve();
  #hasFailed = false;
  #isStopping = false;
  #heartbeat: Heartbeat<ProcessFigures> | undefined;

  constructor(kit: Kit, id: string, spec: ForkedSpec<Protocol>, onFailed: (error: Error) => void) {
    this.#kit = kit;
    this.#id = id;
    this.#spec = spec;
    this.#onFailed = onFailed;
  }

  get pid(): number | undefined {
    return this.#worker?.pid;
  }

  readonly work: Work = (topic, payload) =>
    this.#call({ kind: "handle", topic, payload }).catch((error: unknown) => {
      // The child ends itself after a throw: its exit is then no news.
      this.#hasFailed = true;
      throw error;
    });

  async start(): Promise<void> {
    const gate = await this.#kit.gate.actor();
    if (this.#isStopping) return;
    this.#fork = await this.#kit.stage.createFork(gate, hostPath, this.#heapMb, (worker, reap) => {
      this.#follow(worker, reap);
    });
    this.#kit.gate.onFailure(this.#id, (error) => this.#fail(error));
    const { module, params, topics } = this.#spec;
    await this.#call({
      kind: "start",
      id: this.#id,
      module: module.href,
      params,
      topics: Object.keys(topics),
    });
    this.#beat();
  }

  async stop(reason: string): Promise<void> {
    this.#isStopping = true;
    this.#heartbeat?.stop();
    if (this.#worker === undefined) return;
    if (this.#hasFailed) {
      await withLimit(this.#kit.clock, FAREWELL_MS, "the end of the child", this.#exited);
      return;
    }
    await this.#call({ kind: "stop", reason });
    if (this.#worker?.connected === true) this.#worker.disconnect();
    await this.#exited;
  }

  async dispose(): Promise<void> {
    this.#isStopping = true;
    this.#heartbeat?.stop();
    this.#kit.gate.forget(this.#id);
    this.#worker?.kill("SIGKILL");
    await this.#exited;
  }

  get #heapMb(): number {
    return this.#spec.heapMb ?? defaults.heapMb;
  }

  #follow(worker: ChildProcess, reap: () => void): void {
    // The machine refused a process: there will be no exit, and the start fails by itself.
    if (worker.pid === undefined) {
      reap();
      return;
    }
    this.#worker = worker;
    this.#exited = new Promise((resolve) => {
      worker.once("exit", (code, signal) => {
        this.#worker = undefined;
        this.#heartbeat?.stop();
        const how = code === 0 ? EXITED_NORMALLY : "exited";
        this.#fail(new FailureError(how, describeExit(code, signal), { retry: "unknown" }));
        reap();
        resolve();
      });
    });
    // Made too late: nobody waits for it any more.
    if (this.#isStopping) worker.kill("SIGKILL");
  }

  #fail(error: Error): void {
    if (this.#isStopping || this.#hasFailed) return;
    this.#hasFailed = true;
    this.#onFailed(error);
  }

  async #call(envelope: ToChild): Promise<unknown> {
    if (this.#fork === undefined || this.#worker === undefined) {
      throw new FailureError("exited", "the child process is gone", { retry: "later" });
    }
    return valueOf((await this.#fork.send(envelope)) as Reply);
  }

  #beat(): void {
    const { everyMs, timeoutMs } = this.#spec.heartbeat ?? defaults.heartbeat;
    const { clock, emit } = this.#kit;
    const deps = {
      clock,
      ask: () => this.#call({ kind: "ping" }) as Promise<ProcessFigures>,
      onAnswer: (figures: ProcessFigures) => {
        emit?.({ kind: "beat", actor: this.#id, figures });
        this.#weigh(figures.residentBytes);
      },
      onMissed: (cause: Error) => this.#kill("heartbeat-missed", "missed a heartbeat", cause),
    };
    this.#heartbeat = new Heartbeat(deps, everyMs, timeoutMs);
  }

  /** The limit of its heap says nothing of what it keeps beside it, such as buffers. */
  #weigh(residentBytes: number): void {
    const mostMb = 2 * this.#heapMb;
    if (residentBytes > mostMb * 2 ** 20) {
      this.#kill("too-much-memory", `used more than ${mostMb} MB of memory`);
    }
  }

  #kill(code: string, message: string, cause?: Error): void {
    this.#worker?.kill("SIGKILL");
    this.#fail(new FailureError(code, message, { retry: "unknown", cause }));
  }
}
