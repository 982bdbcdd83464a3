import { describe, expect, test } from "vitest";
import { CUT, setUp } from "./world.ts";

describe("a sentinel that recomputes its ledger", () => {
  const checks = ({ vault }: ReturnType<typeof setUp>) =>
    vault.events.filter(({ kind }) => kind.startsWith("ledger-"));

  test("does so as it starts and every day, and says that it is whole", async () => {
    const world = setUp();
    world.sentinel.start();
    await world.clock.advance(86_399_000);
    expect(checks(world)).toEqual([{ kind: "ledger-verified", lines: 3 }]);
    await world.clock.advance(1_000);
    expect(checks(world)).toHaveLength(2);
  });

  test("says at which line it was altered", async () => {
    const world = setUp();
    world.vault.reports = [CUT, CUT];
    world.sentinel.start();
    await world.clock.advance(0);
    expect(checks(world)).toEqual([{ kind: "ledger-broken", ...CUT.broken }]);
  });

  test("looks twice: a line that was half written is whole a moment later", async () => {
    const world = setUp();
    world.vault.reports = [CUT];
    world.sentinel.start();
    await world.clock.advance(0);
    expect(checks(world)).toEqual([{ kind: "ledger-verified", lines: 3 }]);
  });
});
