import type { HarvesterProtocol } from "../actors/harvester/protocol.ts";
import { harvesterOf } from "../actors/sentinel/fork.ts";
import type { HubEvent } from "../market/events.ts";
import type { ActorSystem } from "../runtime/spec.ts";
import type { Exchanges } from "./exchanges.ts";
import { OANDA } from "./oanda.ts";

/** Tells whoever was lent a secret that it has changed: those of this process, and the one of another. */
export function passOnRevocation(
  event: HubEvent,
  exchanges: Pick<Exchanges, "revoked">,
  system: Pick<ActorSystem, "find">,
): void {
  if (event.kind !== "secret-revoked") return;
  const { secret } = event;
  exchanges.revoked(secret);
  system.find<HarvesterProtocol>(harvesterOf(OANDA))?.tell("revoked", { secret });
}
