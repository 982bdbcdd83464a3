/** What a label says once its bound is reached. */
const OVERFLOW = "other";

/**
 * Keeps a label's values to a bounded set: the first `limit` different ones pass, all later ones
 * become `other`. A label fed from text that somebody else chooses must go through one of these.
 */
export class BoundedLabel {
  readonly #limit: number;
  readonly #seen = new Set<string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  of(value: string): string {
    if (this.#seen.has(value)) return value;
    if (this.#seen.size >= this.#limit) return OVERFLOW;
    this.#seen.add(value);
    return value;
  }

  /** True the first time a value passes: the moment to start its counters at zero. */
  isNew(value: string): boolean {
    return !this.#seen.has(value) && this.of(value) === value;
  }
}

/**
 * The kind of an actor, the only thing metrics tell of it: `analyst` for every analyst,
 * `harvester:binance` for an exchange's harvester, the plain name for all others.
 */
export function actorKind(path: string): string {
  const colon = path.indexOf(":");
  const head = colon < 0 ? path : path.slice(0, colon);
  const name = head.slice(head.lastIndexOf("/") + 1).replace(/-\d+$/, "");
  if (name !== "harvester" || colon < 0) return name;
  return `harvester:${path.slice(colon + 1).split(":")[0] ?? ""}`;
}

/** Why an actor was restarted, from the supervisor's own words; a closed list. */
export const RESTART_REASONS = ["crash", "heartbeat", "exit", "start", "sibling"] as const;

export function restartReason(words: string): (typeof RESTART_REASONS)[number] {
  if (/heartbeat|did not answer/i.test(words)) return "heartbeat";
  if (/sibling|rest_for_one|one_for_all/i.test(words)) return "sibling";
  if (/\bexit|killed|disconnect|signal SIG/i.test(words)) return "exit";
  return /\bstart/i.test(words) ? "start" : "crash";
}
