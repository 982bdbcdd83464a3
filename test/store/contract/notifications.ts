import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { Notification } from "../../../src/market/notification.ts";
import type { NotificationStore } from "../../../src/store/notification-port.ts";

const TERMS = { limit: 20, holdMs: 60_000, patienceMs: 60_000 };

/** Each test tells on a channel of its own. */
export function notificationPromises(opened: {
  readonly store: { readonly notifications: NotificationStore };
}): void {
  const about = (key: string): Notification & { channel: string } => ({
    channel: "",
    key,
    kind: "halt",
    severity: "critical",
    at: Date.UTC(2026, 0, 5, 12),
    body: `body of ${key}`,
  });
  const tell = (channel: string, ...keys: string[]) =>
    opened.store.notifications.add(keys.map((key) => ({ ...about(key), channel })));
  const idsOf = (rows: readonly { readonly id: number }[]) => rows.map(({ id }) => id);
  const keysOf = (rows: readonly { readonly key: string }[]) => rows.map(({ key }) => key);

  test("are written down once for each channel, however often they are added", async () => {
    const { notifications } = opened.store;
    await tell("once", "a", "b");
    await tell("once", "b", "c");
    await tell("another", "a");

    const { taken } = await notifications.claim("once", randomUUID(), TERMS);
    expect(keysOf(taken)).toEqual(["a", "b", "c"]);
    expect(taken[0]).toMatchObject({
      ...about("a"),
      channel: "once",
      state: "waiting",
      attempts: 1,
    });
  });

  test("are taken by one of all who ask at once", async () => {
    const { notifications } = opened.store;
    await tell("race", "a", "b");
    const claims = await Promise.all(
      Array.from({ length: 8 }, () => notifications.claim("race", randomUUID(), TERMS)),
    );
    expect(claims.flatMap(({ taken }) => keysOf(taken)).toSorted()).toEqual(["a", "b"]);
  });

  test("come again when whoever took them did not end it in time", async () => {
    const { notifications } = opened.store;
    await tell("dead", "a");
    const dead = randomUUID();
    const first = await notifications.claim("dead", dead, { ...TERMS, holdMs: 0 });
    const { taken } = await notifications.claim("dead", randomUUID(), TERMS);
    expect(taken).toMatchObject([{ key: "a", attempts: 2 }]);
    // The first one comes too late to say anything.
    await notifications.done(dead, idsOf(first.taken), { kind: "sent" });
    expect((await notifications.waiting())["dead"]).toBe(1);
  });

  test("never come again once they were sent", async () => {
    const { notifications } = opened.store;
    await tell("sent", "a");
    const claim = randomUUID();
    const tried = await notifications.claim("sent", claim, { ...TERMS, holdMs: 0 });
    await notifications.done(claim, idsOf(tried.taken), { kind: "sent" });
    await tell("sent", "a");
    expect(await notifications.claim("sent", randomUUID(), TERMS)).toEqual({
      taken: [],
      dropped: 0,
    });
    expect((await notifications.list(100)).find(({ channel }) => channel === "sent")).toMatchObject(
      {
        state: "sent",
        error: null,
      },
    );
  });

  test("end one by one: what went along and was not told is still there", async () => {
    const { notifications } = opened.store;
    await tell("parts", "a", "b");
    const claim = randomUUID();
    const { taken } = await notifications.claim("parts", claim, { ...TERMS, holdMs: 0 });
    await notifications.done(claim, idsOf(taken).slice(0, 1), { kind: "sent" });
    const rest = await notifications.claim("parts", randomUUID(), TERMS);
    expect(keysOf(rest.taken)).toEqual(["b"]);
  });

  test("wait for as long as was said before they are tried again", async () => {
    const { notifications } = opened.store;
    await tell("later", "soon", "late");
    const [soon, late] = [randomUUID(), randomUUID()];
    const one = await notifications.claim("later", soon, { ...TERMS, limit: 1 });
    const other = await notifications.claim("later", late, { ...TERMS, limit: 1 });
    await notifications.done(soon, idsOf(one.taken), {
      kind: "again",
      waitMs: 0,
      error: "it answered 500",
    });
    await notifications.done(late, idsOf(other.taken), {
      kind: "again",
      waitMs: 60_000,
      error: "it answered 429",
    });
    const { taken } = await notifications.claim("later", randomUUID(), TERMS);
    expect(taken).toMatchObject([{ key: "soon", attempts: 2, error: "it answered 500" }]);
    expect((await notifications.waiting())["later"]).toBe(2);
  });

  test("are given up when they are refused, or have waited too long", async () => {
    const { notifications } = opened.store;
    await tell("vain", "refused");
    const claim = randomUUID();
    const tried = await notifications.claim("vain", claim, TERMS);
    await notifications.done(claim, idsOf(tried.taken), {
      kind: "dropped",
      error: "it answered 400",
    });
    await tell("vain", "old", "older");
    const impatient = { ...TERMS, patienceMs: -1 };
    expect(await notifications.claim("vain", randomUUID(), impatient)).toEqual({
      taken: [],
      dropped: 2,
    });
    const told = (await notifications.list(100)).filter(({ channel }) => channel === "vain");
    expect(told.map(({ key, state, error }) => [key, state, error])).toEqual([
      ["older", "dropped", "it waited too long"],
      ["old", "dropped", "it waited too long"],
      ["refused", "dropped", "it answered 400"],
    ]);
    expect(await notifications.waiting()).not.toHaveProperty("vain");
  });

  test("move the place they were read up to, and are not written by whoever is behind", async () => {
    const { notifications } = opened.store;
    const from = await notifications.place();
    const row = { ...about("first"), channel: "place" };
    expect(await notifications.add([row], { from, upTo: from + 5 })).toBe(true);
    const slow = { ...about("second"), channel: "place" };
    expect(await notifications.add([slow], { from, upTo: from + 5 })).toBe(false);
    expect(await notifications.place()).toBe(from + 5);
    const { taken } = await notifications.claim("place", randomUUID(), TERMS);
    expect(keysOf(taken)).toEqual(["first"]);
  });

  test("are listed newest first, page by page", async () => {
    const { notifications } = opened.store;
    await tell("pages", "a", "b", "c");
    const all = (await notifications.list(100)).filter(({ channel }) => channel === "pages");
    expect(keysOf(all)).toEqual(["c", "b", "a"]);
    const behind = await notifications.list(1, all[0]?.id);
    expect(behind).toEqual([all[1]].map((one) => ({ ...one, ageMs: behind[0]?.ageMs })));
  });
}
