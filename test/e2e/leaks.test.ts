import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { machineClock } from "../../src/runtime/clock.ts";
import { auditLeaks, SCENARIOS } from "../../src/system/audit/audit.ts";
import type { AuditReport } from "../../src/system/audit/report.ts";
import type { Scenario } from "../../src/system/audit/scenario.ts";
import { leaky } from "./kit/leaky.ts";
import { supabase } from "./kit/supabase-scenario.ts";

const LIMIT_MS = 360_000;

function audit(scenarios: readonly Scenario[]): Promise<AuditReport> {
  const { env: environment } = process;
  return auditLeaks({ environment, clock: machineClock, scenarios, onStep: () => {} });
}

/** What can only be looked at where processes are files. */
const OF_PROCESSES = existsSync("/proc/self/environ") ? ["arguments", "environment"] : [];

describe("no planted secret", () => {
  test(
    "comes out of a hub, whatever happens to it",
    async () => {
      const { leaks, scanned, driven } = await audit([...SCENARIOS, supabase]);

      expect(leaks).toEqual([]);
      // An audit that looked nowhere would find as little.
      const looked = scanned.filter(({ bytes }) => bytes > 0).map(({ channel }) => channel);
      expect(looked).toEqual(expect.arrayContaining([...EVERYWHERE, ...OF_PROCESSES]));
      const heaps = driven.filter(({ what }) =>
        what.startsWith("heap snapshots of the hub and of 1 "),
      );
      expect(heaps.length).toBe(3);
      const ends = driven.filter(({ what }) => what.startsWith("an exception that nobody catches"));
      expect(ends.map(({ what }) => what.slice(-2))).toEqual(["70", "70", "70"]);
    },
    LIMIT_MS,
  );
});

const EVERYWHERE = [
  "stdout",
  "stderr",
  "http",
  "events",
  "metrics",
  "hub commands",
  "vault addresses",
  "data folder",
  "heap",
];

describe("a secret that does come out", () => {
  test(
    "is found by every way out, and another one is not",
    async () => {
      const { leaks } = await audit([leaky]);

      const ways = new Set(leaks.map(({ channel }) => channel));
      expect([...ways].toSorted()).toEqual(
        [...EVERYWHERE, ...OF_PROCESSES, "temporary files"].toSorted(),
      );
      expect(new Set(leaks.map(({ canary }) => canary))).toEqual(new Set(["leaked file"]));
      const unpacked = leaks.filter(({ place }) => place.endsWith("leak.gz (unpacked)"));
      expect(unpacked).toMatchObject([{ encoding: "plain" }]);
    },
    LIMIT_MS,
  );
});
