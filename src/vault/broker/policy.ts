/** Lets actors whose path fits ask for secrets whose name fits, for the purposes named. */
export interface Rule {
  /** `*` stands for any part between slashes or colons. */
  readonly who: string;
  readonly secret: string;
  readonly purposes: readonly string[];
}

/** Who may ask for what. Whatever no rule allows is denied. */
export class Policy {
  readonly #rules: readonly (Rule & { readonly fitsWho: RegExp; readonly fitsSecret: RegExp })[];

  constructor(rules: readonly Rule[]) {
    this.#rules = rules.map((rule) => ({
      ...rule,
      fitsWho: patternOf(rule.who),
      fitsSecret: patternOf(rule.secret),
    }));
  }

  allows(who: string, secret: string, purpose: string): boolean {
    return this.#rules.some(
      ({ fitsWho, fitsSecret, purposes }) =>
        fitsWho.test(who) && fitsSecret.test(secret) && purposes.includes(purpose),
    );
  }
}

function patternOf(text: string): RegExp {
  const escaped = text.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll("*", "[^/:]+")}$`);
}
