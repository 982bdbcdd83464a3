import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Draws, keyOf } from "../../../../src/exchanges/sandbox/random.ts";
import { runningServer } from "../../../../src/store/embedded/leftover.ts";
import type { Place } from "../../../../src/store/pg/connection.ts";
import { type ApiNode, allActors } from "../api.ts";
import { bookSizes, brokenBooks, brokenChains } from "../books.ts";
import { descendants, harvesterOf, isAlive } from "../forked-hub.ts";
import { dataFolder, type Ended, HubProcess, until } from "../hub-process.ts";
import { Patience } from "./patience.ts";
import { hubOf, type SoakPlan, settingsOf } from "./plan.ts";
import { type Survey, survey } from "./survey.ts";
import { leaksOf, type Vitals, vitalsOf } from "./vitals.ts";

/** What a soak came to. */
export interface Soaked {
  /** Whatever is not as it must be; empty when all is well. */
  readonly findings: readonly string[];
  /** What was looked at, in lines for people. */
  readonly figures: readonly string[];
}

const SAMPLES = 240;
const PROGRESS_LINES = 10;
const ARM_LIMIT_MS = 180_000;
/** The longest outage that is drawn, and the close after it of the longest timeframe. */
const SETTLE_LIMIT_MS = 240_000;
/** A hub that says nothing for longer is not well, however busy its machine. */
const SILENCE_LIMIT_MS = 15_000;
const SHOWN = 5;
const LAST_LINES = 20;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const seconds = (ms: number): number => Math.round(ms / 1_000);

/**
 * Runs a hub under drawn misfortunes, and looks at all that it did. Its exchange goes wrong, its
 * harvester's process is killed; then the sky clears, and everything must come to rest.
 * @param say is told how it goes, line by line.
 */
export async function soak(plan: SoakPlan, say: (line: string) => void): Promise<Soaked> {
  const folder = dataFolder();
  const hub = await HubProcess.start(folder.path, settingsOf(plan));
  const soaked = await watched(hub, plan, folder.path, say).catch((error: unknown) =>
    brokenOff(hub, error),
  );
  await hub.stop("SIGKILL");
  if (plan.keepsEvidence && soaked.findings.length > 0) {
    writeFileSync(join(folder.path, "hub.log"), hub.stderr);
    return { ...soaked, figures: [...soaked.figures, `data and log are kept: ${folder.path}`] };
  }
  folder.remove();
  return soaked;
}

async function brokenOff(hub: HubProcess, error: unknown): Promise<Soaked> {
  const didRun = isAlive(hub.pid);
  const ended = await hub.stop("SIGKILL");
  const lastWords = ended.stderr.split("\n").slice(-LAST_LINES);
  return {
    findings: [`broke off: ${inWords(error)}, ${stateOf(ended, didRun)}`, ...lastWords],
    figures: [],
  };
}

/** An error with what caused it: a fetch that failed says no more than that by itself. */
function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? ` (${String(error.code)})` : "";
  const cause = error.cause === undefined ? "" : `, because of ${inWords(error.cause)}`;
  return `${error.message}${code}${cause}`;
}

function stateOf({ code, signal }: Ended, didRun: boolean): string {
  return didRun ? "while the hub ran" : `the hub had ended with ${code ?? signal ?? "nothing"}`;
}

async function watched(
  hub: HubProcess,
  plan: SoakPlan,
  dataDir: string,
  say: (line: string) => void,
): Promise<Soaked> {
  const startedAt = performance.now();
  const patience = new Patience(SILENCE_LIMIT_MS, () => !isAlive(hub.pid));
  const fromMs = await hubTime(hub, patience);
  const isArmed = async (): Promise<boolean> => (await armed(hub, patience)) >= plan.series;
  // Who is unlucky waits for half a minute between two tries: that is no fault, as long as it ends.
  await until(isArmed, ARM_LIMIT_MS, "all to be armed").catch(() => undefined);
  say(
    `${await armed(hub, patience)} series armed after ${seconds(performance.now() - startedAt)} s`,
  );
  const { samples, kills } = await underFaults(hub, plan, patience, startedAt, say);
  const { socketDir } = runningServer(dataDir) ?? { socketDir: "" };
  const rested = await atRest(hub, plan, patience, { socketDir }, fromMs);
  const restarted = unexpectedlyRestarted(await patience.ask(() => allActors(hub)));
  const children = descendants(hub.pid);
  const ended = await hub.stop();
  const { table, leaks } = leaksOf(samples);
  return {
    findings: [...rested.findings, ...restarted, ...leaks, ...endedBadly(ended, children)],
    figures: [
      ...rested.figures,
      `${kills.length} kills of the harvester's process, in s: ${kills.map(seconds).join(", ") || "–"}`,
      patience.told,
      ...table,
    ],
  };
}

async function armed(hub: HubProcess, patience: Patience): Promise<number> {
  const { watchlist } = await patience.ask(() =>
    hub.get<{ watchlist: { state: string }[] }>("/api/v1/watchlist"),
  );
  return watchlist.filter(({ state }) => state === "armed").length;
}

async function hubTime(hub: HubProcess, patience: Patience): Promise<number> {
  return (await patience.ask(() => hub.get<{ hubTime: number }>("/api/v1/status"))).hubTime;
}

/** Looks at the process at even distances and kills its harvester at drawn moments, until the sky clears. */
async function underFaults(
  hub: HubProcess,
  { forMs, killEveryMs, seed, speed }: SoakPlan,
  patience: Patience,
  startedAt: number,
  say: (line: string) => void,
): Promise<{ readonly samples: readonly Vitals[]; readonly kills: readonly number[] }> {
  const fromMs = performance.now() - startedAt;
  // However long it took to arm: half of the run at least tells the trend.
  const untilMs = Math.max(forMs, fromMs + forMs / 2);
  const everyMs = (untilMs - fromMs) / SAMPLES;
  const killAt = moments(seed, killEveryMs, fromMs, untilMs);
  const samples: Vitals[] = [];
  const kills: number[] = [];
  for (let n = 0; n < SAMPLES; n += 1) {
    await sleep(startedAt + fromMs + (n + 1) * everyMs - performance.now());
    const nowMs = performance.now() - startedAt;
    const sample = await patience.ask(() => vitalsOf(hub));
    samples.push(sample);
    if ((killAt[kills.length] ?? Number.POSITIVE_INFINITY) <= nowMs) {
      kills.push(nowMs);
      const { pid } = await patience.ask(() => harvesterOf(hub));
      if (pid !== undefined && isAlive(pid)) process.kill(pid, "SIGKILL");
    }
    if ((n + 1) % (SAMPLES / PROGRESS_LINES) === 0) {
      const hours = ((nowMs * speed) / 3_600_000).toFixed(1);
      const words = Object.entries(sample).map(([what, figure]) => `${what} ${Math.round(figure)}`);
      say(`${seconds(nowMs)} s, ${hours} h of the market: ${words.join(", ")}`);
    }
  }
  return { samples, kills };
}

/** Drawn moments in a span, so far apart on average, ms. */
function moments(seed: string, everyMs: number, fromMs: number, toMs: number): readonly number[] {
  const draws = new Draws(keyOf(`${seed} kills`));
  const count = Math.floor((toMs - fromMs) / everyMs);
  const drawn = Array.from({ length: count }, () => draws.between(fromMs, toMs));
  return drawn.toSorted((a, b) => a - b);
}

/** Waits for everything to come to its end under a clear sky, and says what does not. */
async function atRest(
  hub: HubProcess,
  plan: SoakPlan,
  patience: Patience,
  place: Place,
  fromMs: number,
): Promise<Soaked> {
  const halt = { mode: "quarantine", reason: "the end of a soak" };
  await patience.ask(() => hub.post("/api/v1/halt", halt));
  const due = { fromMs, atMs: await hubTime(hub, patience) };
  const truth = hubOf(plan).truth();
  const look = (): Promise<Survey> => survey(place, truth, due);
  const isWhole = ({ lost, open, wrong }: Survey): boolean =>
    lost.length + open.length + wrong.length === 0;
  const resting = async (): Promise<boolean> =>
    (await armed(hub, patience)) >= plan.series &&
    (await brokenBooks(place, "at rest")).length === 0 &&
    isWhole(await look());
  await until(resting, SETTLE_LIMIT_MS, "everything to come to rest").catch(() => undefined);
  const { series, candles, lost, open, wrong, empty } = await look();
  const sizes = await bookSizes(place);
  const ready = await armed(hub, patience);
  return {
    findings: [
      ...(ready < plan.series ? [`only ${ready} series of ${plan.series} armed at rest`] : []),
      ...(series < plan.series ? [`only ${series} series of ${plan.series}`] : []),
      ...named("lost", lost),
      ...named("never filled", open),
      ...named("not as the market made it", wrong),
      ...(await brokenBooks(place, "at rest")),
      ...(await brokenChains(place)).map((chain) => `broken chain: ${chain}`),
    ],
    figures: [
      `${candles} candles of ${series} series compared with the market, ${empty} that the exchange did not have`,
      `${sizes["signals"]} signals, ${sizes["orders"]} orders, ${sizes["fills"]} fills compared with each other`,
    ],
  };
}

function named(what: string, all: readonly string[]): string[] {
  if (all.length === 0) return [];
  return [`${what}: ${all.length} candles, such as ${all.slice(0, SHOWN).join(", ")}`];
}

/** Actors that are down, or that were restarted though nobody killed them. */
function unexpectedlyRestarted(actors: readonly ApiNode[]): string[] {
  return actors
    .filter(({ id, state, restarts }) => {
      return state !== "up" || (restarts > 0 && !id.endsWith("harvester:binance"));
    })
    .map(({ id, state, restarts }) => `${id} is ${state} after ${restarts} restarts`);
}

function endedBadly({ code, signal, stderr }: Ended, children: readonly number[]): string[] {
  const left = children.filter(isAlive);
  const leaks = stderr.split("\n").filter((line) => line.includes("MaxListenersExceededWarning"));
  return [
    ...(code === 0 ? [] : [`the hub ended with ${code ?? signal ?? "nothing"}`]),
    ...(left.length === 0 ? [] : [`left processes: ${left.join(", ")}`]),
    ...leaks,
  ];
}
