import type { z } from "zod";
import { decimal } from "../../market/decimal.ts";
import { type HaltMode, scopeKey } from "../../market/halt.ts";
import type { insights } from "../schemas/chatty.ts";
import { iso, percent } from "./numbers.ts";
import { presentPerformance } from "./performance.ts";
import type { Scene } from "./scene.ts";

type InsightList = z.input<typeof insights>;
type Insight = InsightList["insights"][number];

const DAY_MS = 86_400_000;
const MOST_REASONS = 3;
const MOST_HALTS = 5;
const EFFECTS: Readonly<Record<HaltMode, string>> = {
  "no-entries": "No new positions are opened",
  "reduce-only": "No new positions are opened",
  flatten: "What is held is sold, and no new positions are opened",
  quarantine: "No orders are sent until what is held is known",
};
/** A fall from the peak from here on is worth an amber border. */
const DEEP_FALL = 0.1;

/** What is worth knowing, from facts alone: what stands in the way first, figures after it. */
export function presentInsights(scene: Scene): InsightList {
  const found = [
    ...alerts(scene),
    ...refusals(scene),
    ...gaps(scene),
    ...verdicts(scene),
    ...winRate(scene),
    ...drawdown(scene),
  ];
  return { insights: found, live_mode: scene.liveMode };
}

function alerts({ picture, parked, vaultStatus, nowMs }: Scene): readonly Insight[] {
  const found: Insight[] = [];
  const alert = (id: string, title: string, content: string, at: number, source: string): void => {
    found.push({ id, type: "alert", title, content, timestamp: iso(at), source, priority: "high" });
  };
  for (const { scope, mode, cause, reason, at } of picture.halts.slice(0, MOST_HALTS)) {
    const isAll = scope.kind === "global";
    const what = isAll ? "Buying is halted" : `Halted: ${scopeKey(scope)}`;
    const id = isAll && cause === "operator" ? "halted" : `halted-${scopeKey(scope)}-${cause}`;
    alert(id, what, `${EFFECTS[mode]}: ${reason}`, at, "gatekeeper");
  }
  if (picture.storeState === "offline") {
    const content = "The database cannot be reached; figures are those of the last reading.";
    alert("store", "Figures may be old", content, picture.asOf ?? nowMs, "architect");
  }
  if (vaultStatus === "offline") {
    const content = "The vault cannot be reached; the engine goes on with what it had from it.";
    alert("vault", "The vault is away", content, nowMs, "sentinel");
  }
  if (parked.length > 0) {
    const content = `Given up after too many failures: ${parked.slice(0, 5).join(", ")}`;
    alert("parked", "A part of the engine is down", content, nowMs, "commander");
  }
  return found;
}

function refusals({ picture, nowMs }: Scene): readonly Insight[] {
  const { reasons, refused, newestAt } = picture.tally;
  return reasons.slice(0, MOST_REASONS).map(({ reason, count }) => ({
    id: `refused-${reason}`,
    type: "metric",
    title: `Signals held back: ${reason.replaceAll("-", " ")}`,
    content: `${count} of ${refused} refused signals failed this check in the last 24 hours.`,
    value: count,
    trend: "neutral",
    timestamp: iso(newestAt ?? nowMs),
    source: "gatekeeper",
    priority: "medium",
  }));
}

function gaps({ picture, nowMs }: Scene): readonly Insight[] {
  const recent = picture.gaps.filter(({ noticedAt }) => noticedAt > nowMs - DAY_MS);
  const newest = recent.toSorted((a, b) => b.noticedAt - a.noticedAt)[0];
  if (newest === undefined) return [];
  const series = `${newest.exchange} ${newest.pair} ${newest.timeframe}`;
  return [
    {
      id: "gaps",
      type: "alert",
      title: "Candles are missing",
      content: `${recent.length} in the last 24 hours, newest in ${series}; no signal comes of them.`,
      value: recent.length,
      trend: "neutral",
      timestamp: iso(newest.noticedAt),
      source: "harvester",
      priority: "medium",
    },
  ];
}

function verdicts({ picture }: Scene): readonly Insight[] {
  const { accepted, refused, newestAt } = picture.tally;
  if (newestAt === null || accepted + refused === 0) return [];
  return [
    {
      id: "verdicts",
      type: "metric",
      title: "Signals judged, 24 hours",
      content: `${accepted} accepted, ${refused} refused.`,
      value: `${accepted} of ${accepted + refused}`,
      trend: "neutral",
      timestamp: iso(newestAt),
      source: "gatekeeper",
      priority: "low",
    },
  ];
}

function winRate(scene: Scene): readonly Insight[] {
  const { totalTrades, winRate: share } = presentPerformance(scene, "30d");
  if (totalTrades === 0) return [];
  return [
    {
      id: "win-rate",
      type: "metric",
      title: "Win rate, 30 days",
      content: `${Math.round(share * totalTrades)} of ${totalTrades} trades closed in profit.`,
      value: percent(share),
      trend: share >= 0.5 ? "up" : "down",
      timestamp: iso(scene.nowMs),
      source: "engine",
      priority: "low",
    },
  ];
}

function drawdown({ picture, equity, nowMs }: Scene): readonly Insight[] {
  if (picture.account === null || equity === null) return [];
  const peak = decimal(picture.account.peakEquity);
  if (peak.isZero()) return [];
  const fall = peak.minus(decimal(equity.equity)).div(peak).toNumber();
  // Below a tenth of a percent it is the noise of open prices.
  if (fall < 0.001) return [];
  return [
    {
      id: "drawdown",
      type: "metric",
      title: "Below the peak",
      content: `Equity is ${percent(fall)} under its highest point.`,
      value: percent(fall),
      trend: "down",
      timestamp: iso(nowMs),
      source: "engine",
      priority: fall >= DEEP_FALL ? "high" : "low",
    },
  ];
}
