import type { Handlers, Ref } from "../../runtime/protocol.ts";
import type { ActorContext, LocalSpec, SupervisorSpec } from "../../runtime/spec.ts";
import { type NotifierDeps, notifierSpec } from "./notifier.ts";
import type { ChannelTest, NotifierProtocol } from "./protocol.ts";

/** Messages matter less than trading: a notifier that fails again and again stays down, and the hub goes on. */
const NOTIFIERS: SupervisorSpec = {
  strategy: "one_for_one",
  intensity: { maxRestarts: 20, withinMs: 3_600_000 },
  backoff: { minMs: 1_000, maxMs: 60_000, factor: 2, jitterFraction: 0.2 },
  beyond: "park",
};
/** Longer than a message may take. */
const TEST_LIMIT_MS = 40_000;

/** Stands between the notifier and the root, so that no failure of the one reaches the other. */
class Keeper implements Handlers<NotifierProtocol> {
  readonly #deps: NotifierDeps;
  readonly #context: ActorContext<NotifierProtocol>;
  #notifier: Ref<NotifierProtocol> | undefined;

  constructor(deps: NotifierDeps, context: ActorContext<NotifierProtocol>) {
    this.#deps = deps;
    this.#context = context;
  }

  async start(): Promise<void> {
    const supervisor = this.#context.supervise("notifiers", NOTIFIERS);
    this.#notifier = await supervisor.spawn(notifierSpec(this.#deps));
  }

  async test(order: { readonly by: string }): Promise<readonly ChannelTest[]> {
    return (await this.#notifier?.ask("test", order, { timeoutMs: TEST_LIMIT_MS })) ?? [];
  }
}

/** How the system starts what tells people. */
export function notificationsSpec(deps: NotifierDeps): LocalSpec<NotifierProtocol> {
  return {
    id: "notifications",
    topics: { test: true },
    concurrent: { test: true },
    create: (context) => new Keeper(deps, context),
  };
}
