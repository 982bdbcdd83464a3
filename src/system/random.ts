import { randomInt } from "node:crypto";

const RANGE = 2 ** 47;

/** The one source of chance in a running hub, 0 to below 1; tests hand in their own. */
export function random(): number {
  return randomInt(RANGE) / RANGE;
}
