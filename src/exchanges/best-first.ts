import { decimal } from "../market/decimal.ts";
import type { BookLevel } from "./port.ts";

/** One side of a book with the best price first, whatever order the venue has: exact, not by text. */
export function bestFirst(
  levels: readonly BookLevel[],
  side: "bids" | "asks",
): readonly BookLevel[] {
  const direction = side === "asks" ? 1 : -1;
  const known = levels.map((level) => ({ level, price: decimal(level.price) }));
  known.sort((a, b) => direction * (a.price.comparedTo(b.price) ?? 0));
  return known.map(({ level }) => level);
}
