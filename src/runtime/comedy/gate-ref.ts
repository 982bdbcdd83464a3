import { AskFailure, askFailureCode } from "../ask-failure.ts";
import { machineClock } from "../clock.ts";
import type { ErrorData, Reply, ToParent } from "../envelope.ts";
import { PendingAsk } from "../pending-ask.ts";
import type { AskOptions, Protocol, Ref } from "../protocol.ts";

/** Sends one envelope to the parent's gate. */
export type CallParent = (envelope: ToParent) => PromiseLike<unknown>;

/** A forked actor's way to another actor: through its parent, who knows them all. */
class GateRef {
  readonly id: string;
  readonly #call: CallParent;

  constructor(call: CallParent, id: string) {
    this.#call = call;
    this.id = id;
  }

  tell(topic: string, message: unknown): void {
    // Without a parent this process ends: nobody is left to whom a dead letter could be shown.
    this.#call({ kind: "tell", to: this.id, topic, message }).then(undefined, () => {});
  }

  ask(topic: string, message: unknown, options?: AskOptions): Promise<unknown> {
    const limit = options?.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs };
    const envelope: ToParent = { kind: "ask", to: this.id, topic, message, ...limit };
    return PendingAsk.send(machineClock, `${this.id}.${topic}`, options, (ask) => {
      this.#call(envelope).then(
        (reply) => settle(ask, reply as Reply),
        (error: unknown) => ask.fail("actor-stopped", "the parent is gone", error),
      );
    });
  }
}

function settle(ask: PendingAsk, reply: Reply): void {
  if (reply.ok) ask.answer(reply.value);
  else ask.failWith(failureOf(reply.error));
}

function failureOf(error: ErrorData): AskFailure {
  return new AskFailure(askFailureCode(error.code) ?? "handler-failed", error.message);
}

export function gateRefTo<P extends Protocol>(call: CallParent, id: string): Ref<P> {
  return new GateRef(call, id) as unknown as Ref<P>;
}
