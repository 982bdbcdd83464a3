import { messageOf } from "../../../runtime/errors.ts";
import { ExchangeFailure, type ExchangeFault } from "../../errors.ts";
import { scrub } from "../../scrub.ts";
import { HostNotAllowed, TransportError } from "../../transport/errors.ts";
import type { CodeMeanings, Venue } from "../venue.ts";
import { classNames } from "./class-names.ts";
import { VenueRefusal } from "./venue-refusal.ts";

/** Whether a call could have changed anything at the venue. */
export type CallKind = "read" | "order";

/** How long to stay away when the venue does not say, ms. */
const PAUSE_MS = { tooMany: 60_000, banned: 120_000, firewall: 300_000, code: 30_000 };

/** ccxt's families of requests that fail again, however often they are repeated. */
const PERMANENT = new Set([
  "AuthenticationError",
  "ArgumentsRequired",
  "BadRequest",
  "InsufficientFunds",
  "InvalidAddress",
  "InvalidOrder",
  "NotSupported",
  "OperationRejected",
]);
const TOO_MANY = new Set(["DDoSProtection", "RateLimitExceeded"]);

/**
 * Says what anything thrown by an exchange call means for the next one: by HTTP status, by the
 * venue's own code and by ccxt's class, in this order. What nobody knows may pass; of an order it is
 * then unknown whether it was done. The result carries no cause: the original may hold a signed URL.
 * @param nowMs UTC ms on the hub's clock, from which bans are counted.
 */
export function toFailure(
  venue: Venue,
  kind: CallKind,
  nowMs: number,
  thrown: unknown,
): ExchangeFailure {
  if (thrown instanceof ExchangeFailure) return thrown;
  const message = scrub(describe(thrown));
  const pauseMs = pauseOf(venue, thrown);
  if (pauseMs !== undefined) {
    return new ExchangeFailure(venue.id, "banned", message, { untilMs: nowMs + pauseMs });
  }
  const fault = faultOf(venue, thrown);
  const mayBeDone = kind === "order" && fault === "transient" && !wasNeverSent(thrown);
  return new ExchangeFailure(venue.id, mayBeDone ? "unknown-outcome" : fault, message);
}

/** How long the venue wants to be left alone, ms; undefined when it does not. */
function pauseOf(venue: Venue, thrown: unknown): number | undefined {
  if (!(thrown instanceof VenueRefusal)) return undefined;
  const { status, code, families, retryAfterMs } = thrown;
  if (status === 418) return retryAfterMs ?? PAUSE_MS.banned;
  if (status === 429) return retryAfterMs ?? PAUSE_MS.tooMany;
  // A firewall, not the venue: it may be about our rate, and knocking on makes it worse.
  if (status === 403 && code === undefined) return retryAfterMs ?? PAUSE_MS.firewall;
  if (meaningOf(venue.codes, code) === "banned") return retryAfterMs ?? PAUSE_MS.code;
  return families.some((name) => TOO_MANY.has(name)) ? (retryAfterMs ?? PAUSE_MS.code) : undefined;
}

function faultOf(venue: Venue, thrown: unknown): Exclude<ExchangeFault, "unknown-outcome"> {
  if (thrown instanceof HostNotAllowed) return "permanent";
  const refusal = thrown instanceof VenueRefusal ? thrown : undefined;
  // 451: not served to this country. 401 and 404 without a code come from a wrong key or address.
  if (refusal?.status === 451) return "permanent";
  const known = meaningOf(venue.codes, refusal?.code);
  if (known !== undefined) return known;
  if (refusal !== undefined && refusal.status >= 500) return "transient";
  if (refusal !== undefined && (refusal.status === 401 || refusal.status === 404)) {
    return "permanent";
  }
  const families = refusal?.families ?? classNames(thrown);
  return families.some((name) => PERMANENT.has(name)) ? "permanent" : "transient";
}

function meaningOf(
  meanings: CodeMeanings,
  code: string | undefined,
): keyof CodeMeanings | undefined {
  if (code === undefined) return undefined;
  const kinds = ["transient", "banned", "permanent"] as const;
  return kinds.find((kind) => meanings[kind].some((start) => isCode(code, start)));
}

/** Codes in words end in details (`EQuery:Unknown asset pair`), numbers are whole. */
function isCode(code: string, start: string): boolean {
  return /\d$/.test(start) ? code === start : code.startsWith(start);
}

function wasNeverSent(thrown: unknown): boolean {
  return thrown instanceof TransportError && thrown.neverSent;
}

function describe(thrown: unknown): string {
  if (thrown instanceof TransportError) return thrown.message;
  const name = thrown instanceof VenueRefusal ? thrown.families[0] : classNames(thrown)[0];
  return name === undefined ? messageOf(thrown) : `${name}: ${messageOf(thrown)}`;
}
