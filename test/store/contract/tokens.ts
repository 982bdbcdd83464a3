import { expect, test } from "vitest";
import type { Store } from "../../../src/store/port.ts";
import type { TokenKey } from "../../../src/store/token-port.ts";
import { MONDAY } from "../builders.ts";

export function tokenPromises(opened: { readonly store: Store }): void {
  const key = (n: number, changes: Partial<TokenKey> = {}): TokenKey => ({
    id: n.toString(16).padStart(12, "0"),
    name: `token ${n}`,
    role: "viewer",
    hash: n.toString(16).padStart(64, "0"),
    expiresAt: null,
    ...changes,
  });
  const mine = async (id: string) =>
    (await opened.store.tokens.keys()).find((one) => one.id === id);

  test("keeps a token by its hash, once, and tells all else of it", async () => {
    const { tokens } = opened.store;
    const token = key(1, { role: "operator", expiresAt: MONDAY + 5 });

    const made = await tokens.create(token, "ann", MONDAY);

    expect(made).toEqual({
      id: token.id,
      name: "token 1",
      role: "operator",
      createdBy: "ann",
      createdAt: MONDAY,
      expiresAt: MONDAY + 5,
      lastUsedAt: null,
      revokedBy: null,
      revokedAt: null,
    });
    expect(await tokens.create(token, "bob", MONDAY + 1)).toEqual(made);
    expect(await mine(token.id)).toEqual(token);
    expect(await tokens.list()).toContainEqual(made);
  });

  test("takes a revoked token off its keys for good, whoever says so again", async () => {
    const { tokens } = opened.store;
    await tokens.create(key(2), "ann", MONDAY);

    const revoked = await tokens.revoke(key(2).id, "bob", MONDAY + 1);

    expect(revoked).toMatchObject({ revokedBy: "bob", revokedAt: MONDAY + 1 });
    expect(await tokens.revoke(key(2).id, "eve", MONDAY + 2)).toEqual(revoked);
    expect(await mine(key(2).id)).toBeUndefined();
    expect((await tokens.list()).at(-1)).toEqual(revoked);
    expect(await tokens.revoke("ffffffffffff", "bob", MONDAY)).toBeUndefined();
  });

  test("gives a name to one token at a time", async () => {
    const { tokens } = opened.store;
    await tokens.create(key(3), "ann", MONDAY);

    const twin = key(4, { name: key(3).name });
    await expect(tokens.create(twin, "ann", MONDAY)).rejects.toMatchObject({
      fault: "refused",
      reason: "name-taken",
    });
    await tokens.revoke(key(3).id, "ann", MONDAY);
    expect(await tokens.create(twin, "ann", MONDAY)).toMatchObject({ name: "token 3" });
  });

  test("notes the newest use of each", async () => {
    const { tokens } = opened.store;
    await tokens.create(key(5), "ann", MONDAY);
    const { id } = key(5);

    await tokens.used([{ id, at: MONDAY + 9 }]);
    await tokens.used([
      { id, at: MONDAY + 7 },
      { id: "ffffffffffff", at: MONDAY },
    ]);

    const row = (await tokens.list()).find((one) => one.id === id);
    expect(row?.lastUsedAt).toBe(MONDAY + 9);
  });

  test("has room for so many, and for another one once one is revoked", async () => {
    const { tokens } = opened.store;
    let refused: unknown;
    let last = 100;
    for (; refused === undefined && last < 400; last += 1) {
      await tokens.create(key(last), "ann", MONDAY).catch((error: unknown) => (refused = error));
    }

    expect(refused).toMatchObject({ fault: "refused", reason: "too-many-tokens" });
    expect(await tokens.keys()).toHaveLength(200);
    await tokens.revoke(key(100).id, "ann", MONDAY);
    expect(await tokens.create(key(last), "ann", MONDAY)).toMatchObject({ id: key(last).id });
  });
}
