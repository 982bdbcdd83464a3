import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Cancel, Clock } from "../../runtime/clock.ts";
import { Secret } from "../../runtime/secret.ts";
import { StoreFailure } from "../../store/errors.ts";
import type { TokenKey, TokenStore } from "../../store/token-port.ts";
import type { Identity, TokenAnswer, TokenOrder, TokenRevocation } from "./protocol.ts";

export interface TokenBookDeps {
  readonly tokens: TokenStore;
  /** The token of the data folder; it is in no database and lasts as long as its file. */
  readonly own: { readonly hash: string; readonly identity: Identity };
  /** What expires does so by the machine's clock. */
  readonly machineClock: Clock;
  /** Told of each new token before anybody gets it. */
  readonly onMade: (token: Secret) => void;
}

interface Entry {
  readonly key: Pick<TokenKey, "id" | "expiresAt">;
  readonly hash: Buffer;
  readonly identity: Identity;
}

const DAY_MS = 86_400_000;

/**
 * The tokens that open the hub, as the database last told them: while it is away they open it still,
 * and a sentinel that is restarted meanwhile finds them here.
 */
export class TokenBook {
  readonly #deps: TokenBookDeps;
  readonly #own: Entry;
  readonly #listeners = new Set<(id: string) => void>();
  #entries: readonly Entry[] = [];
  /** Rises with each change: what was read from the database before one is out of date. */
  #changes = 0;
  /** When tokens were last used, as far as the database does not know it. */
  readonly #uses = new Map<string, number>();

  constructor(deps: TokenBookDeps) {
    this.#deps = deps;
    const { hash, identity } = deps.own;
    this.#own = {
      key: { id: identity.token, expiresAt: null },
      hash: Buffer.from(hash, "hex"),
      identity,
    };
  }

  /** Whose token has this SHA-256 (hex), and what it may do; null when none is good that has it. */
  identify(tokenHash: string): Identity | null {
    const presented = Buffer.from(tokenHash, "hex");
    let found: Entry | undefined;
    // Every token is compared, so that the time taken says nothing about which one was close.
    for (const entry of [this.#own, ...this.#entries]) {
      const { hash } = entry;
      if (hash.length === presented.length && timingSafeEqual(hash, presented)) found = entry;
    }
    const now = this.#deps.machineClock.nowMs();
    if (found === undefined || hasExpired(found, now)) return null;
    if (found !== this.#own) this.#uses.set(found.key.id, now);
    return found.identity;
  }

  /** Whether the token of this id still opens the hub. */
  isGood(id: string): boolean {
    const now = this.#deps.machineClock.nowMs();
    return [this.#own, ...this.#entries].some((one) => one.key.id === id && !hasExpired(one, now));
  }

  /** Tells of each token that no longer opens the hub, by its id. */
  onEnd(listener: (id: string) => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes over what the database knows, whichever hub changed it. @throws StoreFailure */
  async refresh(): Promise<void> {
    // Whether the database is there or not, what has expired is over.
    this.#take(this.#entries);
    for (;;) {
      const before = this.#changes;
      const keys = await this.#deps.tokens.keys();
      // What changed here while it was read may be missing from it, or be gone since.
      if (before === this.#changes) return this.#take(keys.map(entryOf));
    }
  }

  /** Makes a token. Its text is in the answer and nowhere else. */
  async create(order: TokenOrder): Promise<TokenAnswer> {
    const { tokens, own, machineClock, onMade } = this.#deps;
    const { name, role, expiresDays, by } = order;
    if (name === own.identity.who) return { kind: "name-taken" };
    const secret = new Secret(`hub_${randomBytes(32).toString("base64url")}`);
    onMade(secret);
    const hash = secret.use((text) => createHash("sha256").update(text).digest("hex"));
    const at = machineClock.nowMs();
    const expiresAt = expiresDays === null ? null : at + expiresDays * DAY_MS;
    const key = { id: randomBytes(6).toString("hex"), name, role, hash, expiresAt };
    try {
      const token = await tokens.create(key, by, at);
      this.#take([...this.#entries.filter((one) => one.key.id !== key.id), entryOf(key)]);
      return { kind: "created", token, secret };
    } catch (error) {
      return answerFor(error, ["name-taken", "too-many-tokens"]);
    }
  }

  /** Revokes a token; from then on it opens nothing here, and elsewhere once it is read there. */
  async revoke(id: string, by: string): Promise<TokenRevocation> {
    const { tokens, machineClock } = this.#deps;
    try {
      const token = await tokens.revoke(id, by, machineClock.nowMs());
      if (token === undefined) return { kind: "unknown" };
      this.#take(this.#entries.filter((one) => one.key.id !== id));
      return { kind: "revoked", token };
    } catch (error) {
      return answerFor(error, []);
    }
  }

  /** Lets the database know when tokens were last used. @throws StoreFailure */
  async saveUses(): Promise<void> {
    const uses = [...this.#uses].map(([id, at]) => ({ id, at }));
    if (uses.length === 0) return;
    await this.#deps.tokens.used(uses);
    for (const { id, at } of uses) if (this.#uses.get(id) === at) this.#uses.delete(id);
  }

  /** From now on these open the hub; tells of those that did so before and no longer do. */
  #take(entries: readonly Entry[]): void {
    const before = this.#entries;
    const now = this.#deps.machineClock.nowMs();
    this.#entries = entries.filter((entry) => !hasExpired(entry, now));
    this.#changes += 1;
    const ids = new Set(this.#entries.map(({ key }) => key.id));
    for (const { key } of before) {
      if (!ids.has(key.id)) for (const listener of this.#listeners) listener(key.id);
    }
  }
}

function entryOf({ id, name, role, hash, expiresAt }: TokenKey): Entry {
  const identity = { who: name, role, token: id };
  return { key: { id, expiresAt }, hash: Buffer.from(hash, "hex"), identity };
}

function hasExpired({ key }: Entry, now: number): boolean {
  return key.expiresAt !== null && key.expiresAt <= now;
}

/** What the database refused, or that it is away, as an answer. @throws anything else. */
function answerFor<Reason extends string>(
  error: unknown,
  reasons: readonly Reason[],
): { readonly kind: Reason | "unavailable" } {
  if (!(error instanceof StoreFailure)) throw error;
  if (error.fault === "offline") return { kind: "unavailable" };
  const kind = reasons.find((reason) => reason === error.reason);
  if (kind === undefined) throw error;
  return { kind };
}
