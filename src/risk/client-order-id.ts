const PREFIX = "hub-";
/** Binance allows 36 characters, other venues 32. */
const LONGEST = 32;

/**
 * The client order id of a signal's order: the same signal always has the same, so that an order
 * sent twice is seen as one. 28 characters of a hash keep different signals apart.
 * @throws RangeError for a signal id that is empty or not made of letters, digits and dashes.
 */
export function clientOrderIdOf(signalId: string): string {
  if (!/^[A-Za-z0-9-]+$/.test(signalId)) throw new RangeError("signal id is not a plain hash");
  return PREFIX + signalId.slice(0, LONGEST - PREFIX.length);
}
