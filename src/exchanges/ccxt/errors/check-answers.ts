import { messageOf } from "../../../runtime/errors.ts";
import { retryAfterMsOf } from "../../retry-after.ts";
import { TransportError } from "../../transport/errors.ts";
import type { AnswerHandler } from "../ccxt-client.ts";
import type { Venue } from "../venue.ts";
import { classNames } from "./class-names.ts";
import { VenueRefusal } from "./venue-refusal.ts";

/**
 * Wraps the one place where ccxt looks at every answer. ccxt itself lets a page of HTML, cut JSON,
 * `null` and some gateway errors pass, and turns them into empty books and rows of nothing; here they
 * end. What ccxt does refuse leaves with its status and code, which its own errors do not carry.
 */
export function checkAnswers(venue: Venue, original: AnswerHandler): AnswerHandler {
  return (status, reason, url, method, headers, body, parsed, ...rest) => {
    const refusal = (message: string, families: readonly string[]): VenueRefusal =>
      new VenueRefusal(message, {
        status,
        code: venue.codeOf(parsed),
        retryAfterMs: retryAfterMsOf(headers["Retry-After"]),
        families,
      });
    let handled: unknown;
    try {
      handled = original(status, reason, url, method, headers, body, parsed, ...rest);
    } catch (thrown) {
      throw refusal(messageOf(thrown), classNames(thrown));
    }
    if (status < 200 || status > 299) throw refusal(`HTTP ${status} ${reason}`, []);
    if (!venue.isSound(new URL(url).pathname, parsed)) {
      throw new TransportError(`the answer made no sense: ${body.slice(0, 60)}`);
    }
    return handled;
  };
}
