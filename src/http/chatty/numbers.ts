import type { DecimalText } from "../../market/decimal.ts";

/** A decimal as Chatty's pages take it: a JSON number. Null for what is not there. */
export function numberOf(value: DecimalText | null | undefined): number | null {
  if (value === null || value === undefined) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** As {@link numberOf}, with zero for what is not there. */
export function numberOr0(value: DecimalText | null | undefined): number {
  return numberOf(value) ?? 0;
}

/** An instant as Chatty's pages take it: ISO 8601 with a zone. */
export function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** A share of one as people read it. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
