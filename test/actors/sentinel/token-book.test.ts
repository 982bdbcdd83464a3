import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Identity } from "../../../src/actors/sentinel/protocol.ts";
import { sentinelSpec } from "../../../src/actors/sentinel/sentinel.ts";
import { TokenBook } from "../../../src/actors/sentinel/token-book.ts";
import type { Secret } from "../../../src/runtime/secret.ts";
import { StoreFailure } from "../../../src/store/errors.ts";
import { StoreGate } from "../../../src/store/gate.ts";
import { NOON } from "../../kit/builders.ts";
import { FakeStore } from "../../kit/fake-store.ts";
import { FakeTokenStore } from "../../kit/fake-tokens.ts";
import { ManualClock } from "../../kit/manual-clock.ts";
import { setUp as startActors } from "../../runtime/support.ts";

const DAY = 86_400_000;
const hash = (token: string): string => createHash("sha256").update(token).digest("hex");
const OWNER: Identity = { who: "operator", role: "admin", token: "operator.token" };
const ORDER = { name: "grafana", role: "viewer", expiresDays: null, by: "ann" } as const;

function setUp(store = new FakeTokenStore(), clock = new ManualClock(NOON)) {
  const made: Secret[] = [];
  const ended: string[] = [];
  const book = new TokenBook({
    tokens: store,
    own: { hash: hash("own"), identity: OWNER },
    machineClock: clock,
    onMade: (token) => void made.push(token),
  });
  book.onEnd((id) => void ended.push(id));
  return { store, clock, made, ended, book };
}

/** Makes a token, and says its hash and id. */
async function makeToken(book: TokenBook, order: Partial<Parameters<TokenBook["create"]>[0]> = {}) {
  const answer = await book.create({ ...ORDER, ...order });
  if (answer.kind !== "created") throw new Error(answer.kind);
  return { id: answer.token.id, secret: answer.secret, hash: answer.secret.use(hash) };
}

const away = (): Promise<void> =>
  Promise.reject(new StoreFailure("offline", "ECONNREFUSED", "the database is away"));

describe("a book of tokens", () => {
  test("opens for the token of the data folder and for those that were made", async () => {
    const { book } = setUp();
    const { id, hash: key } = await makeToken(book);

    expect(book.identify(hash("own"))).toEqual(OWNER);
    expect(book.identify(key)).toEqual({ who: "grafana", role: "viewer", token: id });
    expect(book.identify(hash("eve's"))).toBeNull();
    expect([book.isGood(id), book.isGood("operator.token"), book.isGood("nobody")]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test("tells of the new token before anybody gets it, and stores no more than its hash", async () => {
    const { book, store, made } = setUp();
    let toldBefore = 0;
    store.reach = async () => void (toldBefore = made.length);

    const { secret, hash: key } = await makeToken(book);

    expect(toldBefore).toBe(1);
    expect(made[0]?.equals(secret)).toBe(true);
    const text = secret.use((token) => token);
    expect(text).toMatch(/^hub_[\w-]{43}$/);
    expect(JSON.stringify([...store.rows])).not.toContain(text);
    expect([...store.rows.values()]).toMatchObject([{ hash: key, createdBy: "ann" }]);
  });

  test("shuts at once when a token is revoked, and tells of it", async () => {
    const { book, ended } = setUp();
    const { id, hash: key } = await makeToken(book);

    expect(await book.revoke(id, "ann")).toMatchObject({
      kind: "revoked",
      token: { revokedBy: "ann", revokedAt: NOON },
    });

    expect(book.identify(key)).toBeNull();
    expect(book.isGood(id)).toBe(false);
    expect(ended).toEqual([id]);
    expect(await book.revoke("000000000000", "ann")).toEqual({ kind: "unknown" });
  });

  test("takes up what another hub did with the next look", async () => {
    const { store, clock, book, ended } = setUp();
    const other = setUp(store, clock);
    const { id, hash: key } = await makeToken(other.book);
    expect(book.identify(key)).toBeNull();

    await book.refresh();
    expect(book.identify(key)).toMatchObject({ who: "grafana" });
    await other.book.revoke(id, "ann");
    await book.refresh();

    expect(book.identify(key)).toBeNull();
    expect([ended, other.ended]).toEqual([[id], [id]]);
  });

  test("shuts to the millisecond when a token expires, and tells of it with the next look", async () => {
    const { book, clock, ended, store } = setUp();
    const { id, hash: key } = await makeToken(book, { expiresDays: 1 });

    await clock.advance(DAY - 1);
    expect(book.identify(key)).not.toBeNull();
    await clock.advance(1);
    expect([book.identify(key), book.isGood(id), ended]).toEqual([null, false, []]);

    store.reach = away;
    await expect(book.refresh()).rejects.toThrow("away");
    expect(ended).toEqual([id]);
    store.reach = () => Promise.resolve();
    await book.refresh();
    expect([book.identify(key), ended]).toEqual([null, [id]]);
  });

  test("goes on with what it knows while the database is away, and changes nothing", async () => {
    const { book, store, ended } = setUp();
    const { id, hash: key } = await makeToken(book);
    store.reach = away;

    await expect(book.refresh()).rejects.toThrow("away");
    expect(await book.create({ ...ORDER, name: "other" })).toEqual({ kind: "unavailable" });
    expect(await book.revoke(id, "ann")).toEqual({ kind: "unavailable" });

    expect(book.identify(key)).toMatchObject({ who: "grafana" });
    expect(ended).toEqual([]);
  });

  test("no look that began before a change brings back what the change took, or takes what it brought", async () => {
    const { book, store } = setUp();
    const revoked = await makeToken(book, { name: "first" });
    const { promise: isOpen, resolve: open } = deferred();
    const keys = store.keys.bind(store);
    let looks = 0;
    store.keys = async () => {
      const seen = await keys();
      looks += 1;
      // The answer is on its way for so long.
      if (looks === 1) await isOpen;
      return seen;
    };

    const looking = book.refresh();
    await book.revoke(revoked.id, "ann");
    const kept = await makeToken(book, { name: "second" });
    open();
    await looking;

    expect(looks).toBe(2);
    expect(book.identify(revoked.hash)).toBeNull();
    expect(book.identify(kept.hash)).toMatchObject({ who: "second" });
  });

  test("gives no two the same name, nor one that of the data folder's token", async () => {
    const { book } = setUp();
    await makeToken(book);

    expect(await book.create(ORDER)).toEqual({ kind: "name-taken" });
    expect(await book.create({ ...ORDER, name: "operator" })).toEqual({ kind: "name-taken" });
  });

  test("lets the database know when each was last used, once", async () => {
    const { book, store, clock } = setUp();
    const { id, hash: key } = await makeToken(book);
    const saved: number[] = [];
    const used = store.used.bind(store);
    store.used = (uses) => {
      saved.push(uses.length);
      return used(uses);
    };
    book.identify(key);
    await clock.advance(1_000);
    book.identify(key);
    book.identify(hash("own"));

    await book.saveUses();
    await book.saveUses();

    expect(saved).toEqual([1]);
    expect(store.rows.get(id)?.lastUsedAt).toBe(NOON + 1_000);
  });
});

describe("a sentinel with a book of tokens", () => {
  async function startSentinel() {
    const { clock, system, kinds } = await startActors();
    const db = new FakeStore();
    const { book } = setUp(db.tokens, clock);
    const nothing = { refresh: () => Promise.resolve() };
    const sentinel = await system.root.spawn(
      sentinelSpec({
        clock,
        machineClock: clock,
        gate: new StoreGate(clock, () => {}),
        pulse: db.store.pulse,
        tokens: book,
        broker: { lease: () => Promise.reject(new Error("torn")) },
        census: nothing,
        ledger: { id: "book", head: { n: 0, hash: "" } },
        verifyLedger: async () => ({ lines: 0, broken: null }),
        publish: () => {},
      }),
    );
    return { clock, system, kinds, db, sentinel };
  }

  test("knows within two seconds what another hub revoked", async () => {
    const { clock, system, db, sentinel } = await startSentinel();
    const other = setUp(db.tokens, clock);
    const { id, hash: tokenHash } = await makeToken(other.book);
    await clock.advance(2_000);
    expect(await sentinel.ask("identify", { tokenHash })).toMatchObject({ who: "grafana" });

    await other.book.revoke(id, "ann");
    await clock.advance(2_000);

    expect(await sentinel.ask("identify", { tokenHash })).toBeNull();
    await system.stop("done", 1_000);
  });

  test("still knows its tokens after a restart during an outage", async () => {
    const { clock, system, kinds, db, sentinel } = await startSentinel();
    const answer = await sentinel.ask("createToken", ORDER);
    const tokenHash = answer.kind === "created" ? answer.secret.use(hash) : "";
    db.offlineCalls = Number.POSITIVE_INFINITY;

    const wish = { who: "trader", secret: "broker:oanda", purpose: "orders" } as const;
    await expect(sentinel.ask("lease", wish)).rejects.toThrow("torn");
    await clock.advance(10_000);

    expect(kinds()).toContain("restarting sentinel");
    expect(await sentinel.ask("identify", { tokenHash })).toMatchObject({ who: "grafana" });
    await system.stop("done", 1_000);
  });
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
