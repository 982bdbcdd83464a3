import type { Delivery } from "../../store/notification-port.ts";
import type { SendOutcome } from "./send/sender.ts";

const FIRST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 3_600_000;

/**
 * What is to be done after a try: the wait doubles from try to try, within a quarter of it by chance,
 * and is no shorter than the channel asked for.
 * @param attempts tries so far, this one included.
 * @param random in [0, 1).
 */
export function deliveryAfter(outcome: SendOutcome, attempts: number, random: number): Delivery {
  switch (outcome.kind) {
    case "taken":
      return { kind: "sent" };
    case "refused":
      return { kind: "dropped", error: outcome.reason };
    case "later": {
      const doubled = FIRST_WAIT_MS * 2 ** Math.min(attempts - 1, 20);
      const waitMs = Math.min(LONGEST_WAIT_MS, doubled) * (0.75 + random / 2);
      const asked = Math.min(outcome.afterMs ?? 0, LONGEST_WAIT_MS);
      return { kind: "again", waitMs: Math.round(Math.max(waitMs, asked)), error: outcome.reason };
    }
  }
}
