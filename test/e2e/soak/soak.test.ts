import { describe, expect, test } from "vitest";
import { soak } from "../kit/soak/soak.ts";

/** Machine time under faults, arming included: ten minutes in CI, two for whoever waits for it. */
const SECONDS = Number(
  process.env["SOAK_SECONDS"] ?? (process.env["CI"] === undefined ? 120 : 600),
);
/** Its supervisor parks a harvester that is restarted more than ten times in five minutes. */
const MOST_KILLS = 10;
/** Set it to the seed of a failure to draw the same faults again. */
const SEED = process.env["SOAK_SEED"] ?? String(Date.now() % 1_000_000);

const PLAN = {
  seed: SEED,
  forMs: SECONDS * 1_000,
  speed: 60,
  series: 500,
  faultRate: 0.005,
  killEveryMs: Math.max(15_000, (SECONDS * 1_000) / MOST_KILLS),
  keepsEvidence: false,
};

describe("a hub that follows five hundred series in bad weather", () => {
  test(
    "loses, doubles and leaks nothing, though its harvester is killed again and again",
    async () => {
      const say = (line: string): boolean => process.stdout.write(`${line}\n`);
      const { findings, figures } = await soak(PLAN, say);

      for (const line of figures) say(line);
      expect(findings, `SOAK_SEED=${SEED}`).toEqual([]);
    },
    PLAN.forMs + 900_000,
  );
});
