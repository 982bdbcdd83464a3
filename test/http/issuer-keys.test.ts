import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { IssuerKeys, KEYS_COOLDOWN_MS } from "../../src/http/issuer-keys.ts";
import { ManualClock } from "../kit/manual-clock.ts";
import { type Issuer, startIssuer } from "./kit/issuer.ts";

const DAY_MS = 86_400_000;

let issuer: Issuer;
const clock = new ManualClock();
beforeEach(async () => {
  issuer = await startIssuer(clock.nowMs());
});
afterEach(() => issuer.close());

const ask = async (keys: IssuerKeys): Promise<number> => {
  const answer = await keys.get(issuer.url, {});
  return ((await answer.json()) as { keys: unknown[] }).keys.length;
};

describe("an issuer that is away", () => {
  test("is asked once, and then left in peace for a while", async () => {
    issuer.away = true;
    const keys = new IssuerKeys(clock);
    for (let n = 0; n < 20; n++) await expect(ask(keys)).rejects.toThrow(/fetch failed/);
    const before = issuer.asked();
    await clock.advance(KEYS_COOLDOWN_MS);
    issuer.away = false;

    expect([before, await ask(keys), issuer.asked()]).toEqual([1, 1, 2]);
  });

  test("is stood in for by the keys that came last, for a day", async () => {
    const keys = new IssuerKeys(clock);
    await ask(keys);
    issuer.away = true;
    await clock.advance(DAY_MS);
    const within = await ask(keys);
    await clock.advance(1);

    expect(within).toBe(1);
    await expect(ask(keys)).rejects.toThrow(/fetch failed/);
  });
});
