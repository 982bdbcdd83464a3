import { randomInt } from "node:crypto";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Letters and digits that nobody has written before. */
export function unheardOf(length = 32): string {
  return Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)] ?? "").join("");
}

/** Every encoding writes some of these another way. */
export function awkward(): string {
  return `${unheardOf()} "<&>'%41\\n+/=é`;
}
