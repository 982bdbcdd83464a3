import type { Logger } from "pino";
import type { HubEvent } from "../market/events.ts";
import { machineClock } from "../runtime/clock.ts";
import type { EventStream } from "../runtime/event-stream.ts";
import type { Store } from "../store/port.ts";
import type { CloseStack } from "./close-stack.ts";
import { FactKeeper } from "./fact-keeper.ts";

/** Writes down what only this process knows of. */
export function keepFacts(
  events: EventStream<HubEvent>,
  { outbox }: Store,
  runId: string,
  log: Logger,
  stack: CloseStack,
): void {
  const onFailure = (err: unknown): void => log.error({ err }, "a fact could not be kept");
  const facts = new FactKeeper({ outbox, runId, machineClock, onFailure });
  events.subscribe((recorded) => facts.note(recorded));
  stack.push(() => facts.stop());
}
