import { type Behaviour, workOf } from "../behaviour.ts";
import { type Cancel, machineClock } from "../clock.ts";
import { type Reply, type ToChild, toErrorData } from "../envelope.ts";
import { FailureError } from "../errors.ts";
import type { Work } from "../mailbox.ts";
import { ProcessMeter } from "../process-meter.ts";
import type { Protocol, Ref } from "../protocol.ts";
import type { ActorContext } from "../spec.ts";
import { type CallParent, gateRefTo } from "./gate-ref.ts";
import { type ComedySystem, dropSignalListeners, onParentLost } from "./internals.ts";

/** How a failed child ends; service managers read it as a software error. */
const EXIT_FAILED = 70;

/** Time for the answer that tells of the failure to leave this process, ms. */
const LAST_WORDS_MS = 100;

/** What comedy hands the definition of a forked actor. */
interface ComedyChild {
  getSystem(): ComedySystem;
  getParent(): { sendAndReceive(topic: string, envelope: object): PromiseLike<unknown> };
}

type Factory = (params: unknown, context: ActorContext<Protocol>) => Behaviour | Promise<Behaviour>;

/**
 * The one thing comedy knows in a child process: it loads the actor's module and calls it.
 * Comedy makes every property a topic, so all but `initialize` and `$` is private.
 * No module it imports may wait at its top level, since comedy loads it by `require`.
 */
export default class Host {
  readonly #abort = new AbortController();
  readonly #meter = new ProcessMeter();
  #call: CallParent | undefined;
  #id = "";
  #behaviour: Behaviour | undefined;
  #work: Work | undefined;
  #isStopping = false;

  initialize(self: ComedyChild): void {
    // Comedy runs it again when another process takes a reference; once is enough.
    if (this.#call !== undefined) return;
    this.#call = (envelope) => self.getParent().sendAndReceive("$", envelope);
    const system = self.getSystem();
    dropSignalListeners(system);
    onParentLost(system, () => process.exit(EXIT_FAILED));
    process.on("disconnect", () => process.exit(this.#isStopping ? 0 : EXIT_FAILED));
    process.on("uncaughtException", (error) => this.#die(error));
  }

  async $(envelope: ToChild): Promise<Reply> {
    try {
      return { ok: true, value: await this.#obey(envelope) };
    } catch (error) {
      this.#abort.abort(error);
      machineClock.after(LAST_WORDS_MS, () => process.exit(EXIT_FAILED));
      return { ok: false, error: toErrorData(error) };
    }
  }

  async #obey(envelope: ToChild): Promise<unknown> {
    switch (envelope.kind) {
      case "start":
        return this.#start(envelope);
      case "handle":
        return this.#work?.(envelope.topic, envelope.payload);
      case "ping":
        return this.#meter.read();
      case "stop":
        this.#isStopping = true;
        this.#abort.abort(new FailureError("stopped", envelope.reason, { retry: "never" }));
        await this.#behaviour?.stop?.(envelope.reason);
        return undefined;
    }
  }

  async #start(order: ToChild & { kind: "start" }): Promise<void> {
    this.#id = order.id;
    const module = (await import(order.module)) as { default?: unknown };
    if (typeof module.default !== "function") {
      const message = `${order.module} has no default export to make an actor with`;
      throw new FailureError("no-factory", message, { retry: "never" });
    }
    const behaviour = await (module.default as Factory)(order.params, this.#context());
    this.#work = workOf(behaviour, order.topics);
    await behaviour.start?.();
    this.#behaviour = behaviour;
  }

  #context(): ActorContext<Protocol> {
    return {
      self: this.#ref(this.#id),
      clock: machineClock,
      signal: this.#abort.signal,
      find: <Q extends Protocol>(id: string) => this.#ref<Q>(id),
      supervise: () => refuse("supervise"),
      watch: (): Cancel => refuse("watch"),
      fail: (error) => this.#die(error),
    };
  }

  #ref<Q extends Protocol>(id: string): Ref<Q> {
    return gateRefTo(this.#call as CallParent, id);
  }

  #die(error: unknown): void {
    const exit = (): never => process.exit(EXIT_FAILED);
    machineClock.after(LAST_WORDS_MS, exit);
    const report = { kind: "failed", from: this.#id, error: toErrorData(error) } as const;
    this.#call?.(report).then(exit, exit);
  }
}

function refuse(what: string): never {
  const message = `a forked actor cannot ${what}: forks are one level deep and have no children`;
  throw new FailureError("not-in-a-fork", message, { retry: "never" });
}
