/** Which of a broker's two worlds an account is of: with practice money, or with real money. */
export type BrokerEnvironment = "practice" | "live";

const WORDS = new Map<string, BrokerEnvironment>([
  ["practice", "practice"],
  ["demo", "practice"],
  ["live", "live"],
]);

/**
 * Reads the word a vault holds for the environment of an account. Without a word it is practice: real
 * money wants to be named.
 * @returns undefined for any other word: a slip of the pen is never read as real money.
 */
export function readEnvironment(word: string | undefined): BrokerEnvironment | undefined {
  return word === undefined ? "practice" : WORDS.get(word.trim().toLowerCase());
}
