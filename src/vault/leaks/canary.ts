/** A made-up secret that is put where a real one goes, and then looked for everywhere else. */
export interface Canary {
  /** What it stands for, e.g. `VVAULT_SERVICE_TOKEN`; the only thing of it that is ever shown. */
  readonly name: string;
  readonly value: string;
}

/** That a canary was seen, and where; never its value. */
export interface Find {
  readonly canary: string;
  /** How it was written there. */
  readonly encoding: string;
  /** Where it begins, in bytes from the start; a few characters later for one that is broken up. */
  readonly offset: number;
  /** How often it was there in this encoding. */
  readonly count: number;
}
