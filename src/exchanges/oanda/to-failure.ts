import { ExchangeFailure } from "../errors.ts";
import { HostNotAllowed, TransportError } from "../transport/errors.ts";
import { OandaRefusal } from "./refusal.ts";

/** The limit counts single seconds, so a short pause is enough when OANDA does not say how long, ms. */
const PAUSE_MS = 10_000;

/**
 * Says what a failed call means for the next one. What this adapter does not throw itself is a fault of
 * ours and is thrown on.
 * @param nowMs UTC ms on the hub's clock, from which a ban is counted.
 */
export function toFailure(nowMs: number, thrown: unknown): ExchangeFailure {
  if (thrown instanceof ExchangeFailure) return thrown;
  if (thrown instanceof OandaRefusal) return refused(nowMs, thrown);
  if (!(thrown instanceof TransportError)) throw thrown;
  const fault = thrown instanceof HostNotAllowed ? "permanent" : "transient";
  return new ExchangeFailure("oanda", fault, thrown.message);
}

function refused(nowMs: number, { status, message, retryAfterMs }: OandaRefusal): ExchangeFailure {
  if (status === 429) {
    const untilMs = nowMs + (retryAfterMs ?? PAUSE_MS);
    return new ExchangeFailure("oanda", "banned", message, { untilMs });
  }
  const mayPass = status >= 500 || status === 408;
  return new ExchangeFailure("oanda", mayPass ? "transient" : "permanent", message);
}
