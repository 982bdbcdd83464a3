import { parseArgs } from "node:util";
import type { SoakPlan } from "../test/e2e/kit/soak/plan.ts";
import { soak } from "../test/e2e/kit/soak/soak.ts";

const MINUTE_MS = 60_000;
const WEEK_MS = 7 * 24 * 60 * MINUTE_MS;

const OPTIONS = {
  minutes: { type: "string", default: "10" },
  week: { type: "boolean", default: false },
  seed: { type: "string" },
  speed: { type: "string", default: "60" },
  series: { type: "string", default: "500" },
  rate: { type: "string", default: "0.005" },
  "kill-seconds": { type: "string", default: "60" },
} as const;

const USAGE = `npm run soak -- [--minutes 10 | --week] [--seed text] [--speed 60] [--series 500] [--rate 0.005]
                    [--kill-seconds 60]

Runs a hub under drawn faults of its exchange and kills of its harvester, and compares all it did with the
market. --week: as long as a week of the market takes. A seed draws the same faults again.
--kill-seconds 0 kills nobody, so that a leak of the harvester's process has the whole run to show.`;

/** Runs a soak by the words of a command line; the exit code. @throws TypeError for words nobody knows. */
export async function runSoak(args: readonly string[]): Promise<number> {
  const plan = planOf(args);
  if (plan === undefined) {
    console.error(USAGE);
    return 2;
  }
  console.log(`seed ${plan.seed}, ${plan.series} series, ${plan.speed} times the clock's speed`);
  const { findings, figures } = await soak(plan, (line) => console.log(line));
  for (const line of figures) console.log(line);
  for (const line of findings) console.error(`NOT AS IT MUST BE  ${line}`);
  console.log(findings.length === 0 ? "all is as it must be" : `${findings.length} findings`);
  return findings.length === 0 ? 0 : 1;
}

function planOf(args: readonly string[]): SoakPlan | undefined {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const [minutes, speed, series, faultRate, killSeconds] = [
    values.minutes,
    values.speed,
    values.series,
    values.rate,
    values["kill-seconds"],
  ].map(Number) as [number, number, number, number, number];
  const isRate = faultRate >= 0 && faultRate <= 1;
  const isSound = minutes > 0 && speed > 0 && series >= 4 && isRate && killSeconds >= 0;
  if (!isSound) return undefined;
  return {
    seed: values.seed ?? String(Date.now() % 1_000_000),
    forMs: values.week ? WEEK_MS / speed : minutes * MINUTE_MS,
    speed,
    series,
    faultRate,
    killEveryMs: killSeconds === 0 ? Number.POSITIVE_INFINITY : killSeconds * 1_000,
    keepsEvidence: true,
  };
}
