import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { Store } from "../../../src/store/port.ts";
import type { RunStart } from "../../../src/store/run-port.ts";
import { MONDAY } from "../builders.ts";

export function runPromises(opened: { readonly store: Store }): void {
  const start = (): RunStart => ({
    id: randomUUID(),
    at: MONDAY,
    place: "here:/data",
    version: "1.2.3",
    mode: "sandbox",
    road: "embedded",
    lostAfterMs: 300_000,
    strategies: [{ id: "ema-cross", parameters: { fast_periods: 10 } }],
  });

  test("takes a start, signs of life and an end, each as often as it is told", async () => {
    const { runs } = opened.store;
    const run = start();

    for (const _ of [1, 2]) await runs.start(run);
    for (const at of [MONDAY + 1, MONDAY + 1, MONDAY]) await runs.keep(run.id, at);
    for (const _ of [1, 2]) await runs.end(run.id, MONDAY + 2);

    await expect(runs.keep(run.id, MONDAY + 3)).resolves.toBeUndefined();
  });

  test("takes a sign of life of a run that nobody knows", async () => {
    await expect(opened.store.runs.keep(randomUUID(), MONDAY)).resolves.toBeUndefined();
  });

  test("refuses a mode that there is not", async () => {
    const odd = opened.store.runs.start({ ...start(), mode: "dream" as "sandbox" });

    await expect(odd).rejects.toMatchObject({ fault: "refused", reason: "23514" });
  });
}
