import { harvesterOf } from "../actors/sentinel/fork.ts";
import type { Rule } from "../vault/broker/policy.ts";

/**
 * Who may have which secret, and what for. Everything else is denied: an actor that was taken over
 * gets what it needs for its own work and nothing more.
 * @param venues exchange and broker ids.
 */
export function secretRules(venues: readonly string[]): readonly Rule[] {
  return [
    { who: "architect", secret: "store", purposes: ["open"] },
    // In one process everybody shares the market data of a venue; a harvester of its own has its own.
    ...venues.flatMap((venue) =>
      ["exchanges", harvesterOf(venue)].map((who) => ({
        who,
        secret: `broker:${venue}`,
        purposes: ["market-data"],
      })),
    ),
    { who: "notifier", secret: "notify:*", purposes: ["notify"] },
    { who: "trader", secret: "broker:*", purposes: ["orders"] },
  ];
}
