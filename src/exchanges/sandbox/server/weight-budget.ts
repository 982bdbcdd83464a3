/** What a minute may cost, as the venue's exchangeInfo says. */
export const WEIGHT_LIMIT = 6_000;

const WINDOW_MS = 60_000;
/** So many refused requests in a minute pass for calls that were in flight; more is ignoring them. */
const REFUSALS_BORNE = 30;
const FIRST_BAN_MS = 2 * 60_000;
const LONGEST_BAN_MS = 3 * 86_400_000;

/** Whether a request is served. `used` is the weight of the running minute with it. */
export type Charge =
  | { readonly kind: "served"; readonly used: number }
  | {
      readonly kind: "too-much" | "banned";
      readonly used: number;
      /** When to come back, UTC ms of the exchange's clock. */
      readonly untilMs: number;
    };

/**
 * The request budget of all callers together, as the venue counts by address. It is whole again at
 * each full minute of the exchange's clock. Who goes on after refusals is shut out: two minutes at
 * first, twice as long each time.
 */
export class WeightBudget {
  #window = Number.NaN;
  #used = 0;
  #refusals = 0;
  #bans = 0;
  #bannedUntilMs = Number.NEGATIVE_INFINITY;

  charge(weight: number, nowMs: number): Charge {
    const window = Math.floor(nowMs / WINDOW_MS);
    if (window !== this.#window) {
      this.#window = window;
      this.#used = 0;
      this.#refusals = 0;
    }
    this.#used += weight;
    if (nowMs < this.#bannedUntilMs) {
      return { kind: "banned", used: this.#used, untilMs: this.#bannedUntilMs };
    }
    if (this.#used <= WEIGHT_LIMIT) return { kind: "served", used: this.#used };
    this.#refusals += 1;
    if (this.#refusals <= REFUSALS_BORNE) {
      return { kind: "too-much", used: this.#used, untilMs: (window + 1) * WINDOW_MS };
    }
    this.#bannedUntilMs = nowMs + Math.min(LONGEST_BAN_MS, FIRST_BAN_MS * 2 ** this.#bans);
    this.#bans += 1;
    return { kind: "banned", used: this.#used, untilMs: this.#bannedUntilMs };
  }
}
