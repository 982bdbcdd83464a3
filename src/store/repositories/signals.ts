import type { RawSignal, SignalConfig } from "../../market/signal.ts";
import { timeframeMinutes } from "../../market/timeframe.ts";
import type { CheckResult, Verdict } from "../../market/verdict.ts";
import type { Database, Json } from "../port.ts";
import type { Decision, SignalRow, TradeStore } from "../trade-port.ts";
import { SIDES } from "./orders.ts";
import { inPages } from "./pages.ts";
import {
  flagOf,
  listOf,
  moneyIn,
  numberIn,
  numberOrNull,
  optional,
  type Row,
  rowOf,
  seriesArgs,
  seriesOf,
  textIn,
  textOf,
  wordIn,
} from "./parse.ts";

const ORIGINS = ["vault", "memory", "settings"] as const;
/** With its verdict and every check a signal is four kilobytes long. */
const SIGNALS_A_PAGE = 200;

export type SignalStore = Pick<TradeStore, "decide" | "signals">;

export function signalStore(database: Database): SignalStore {
  return {
    async decide(decisions, revision) {
      if (decisions.length === 0) return { decided: [], earlier: [] };
      const args = { p_decisions: decisions.map(decisionRow), p_revision: revision };
      const answer = rowOf(await database.call("hub_decide", args));
      return {
        decided: listOf(answer["decided"], (id) => textOf(id)),
        earlier: listOf(answer["earlier"], (one) => {
          const row = rowOf(one);
          return { id: textIn(row, "id"), decidedAt: numberIn(row, "decidedAt") };
        }),
      };
    },

    signals({ limit, beforeSeq, series, decision }) {
      const about = series === undefined ? {} : seriesArgs(series);
      return inPages<SignalRow>(SIGNALS_A_PAGE, limit, async (rows, behind) => {
        const p_before = behind?.seq ?? beforeSeq;
        const args = { ...about, p_limit: rows, p_before, p_decision: decision };
        return listOf(await database.call("hub_signals", args), signalRowOf);
      });
    },
  };
}

/** The series goes along flat, its timeframe in minutes. */
function decisionRow({ signal, verdict, order }: Decision): Row {
  const { series, ...rest } = signal;
  const { exchange, pair, timeframe } = series;
  const flat = { ...rest, exchange, pair, tf: timeframeMinutes(timeframe) };
  return order === undefined ? { signal: flat, verdict } : { signal: flat, verdict, order };
}

export function signalRowOf(value: unknown): SignalRow {
  const row = rowOf(value);
  return {
    seq: numberIn(row, "seq"),
    signal: signalOf(rowOf(row["signal"])),
    verdict: row["verdict"] === null ? null : verdictOf(rowOf(row["verdict"])),
  };
}

function signalOf(row: Row): RawSignal {
  return {
    id: textIn(row, "id"),
    series: seriesOf(row),
    openTime: numberIn(row, "openTime"),
    closeTime: numberIn(row, "closeTime"),
    strategy: textIn(row, "strategy"),
    strategyVersion: textIn(row, "strategyVersion"),
    config: configOf(row),
    side: wordIn(row, "side", SIDES),
    strength: numberIn(row, "strength"),
    price: moneyIn(row, "price"),
    ...optional(row, "stopLoss", moneyIn),
    ...optional(row, "takeProfit", moneyIn),
    evidence: figuresOf(rowOf(row["evidence"])),
    raisedAt: numberIn(row, "raisedAt"),
    missingInWindow: numberIn(row, "missingInWindow"),
  };
}

/** Signals of an earlier version of the hub ran on the settings alone. */
function configOf(row: Row): SignalConfig {
  if (row["config"] === undefined) {
    return { name: textIn(row, "strategy"), version: 0, origin: "settings" };
  }
  const config = rowOf(row["config"]);
  return {
    name: textIn(config, "name"),
    version: numberIn(config, "version"),
    origin: wordIn(config, "origin", ORIGINS),
  };
}

/** A figure that was not finite came into JSON as null; it is left out. */
function figuresOf(row: Row): Readonly<Record<string, number>> {
  const finite = Object.keys(row).filter((key) => typeof row[key] === "number");
  return Object.fromEntries(finite.map((key) => [key, numberIn(row, key)]));
}

function verdictOf(row: Row): Verdict {
  const base = {
    signalId: textIn(row, "signalId"),
    portfolio: textIn(row, "portfolio"),
    checks: listOf(row["checks"], (check) => checkOf(rowOf(check))),
    decidedAt: numberIn(row, "decidedAt"),
  };
  const decision = wordIn(row, "decision", ["accepted", "refused"]);
  if (decision === "refused") {
    return { ...base, decision, reasons: listOf(row["reasons"], (reason) => textOf(reason)) };
  }
  const quantity = moneyIn(row, "quantity");
  return { ...base, decision, quantity, reservedQuote: moneyIn(row, "reservedQuote") };
}

function checkOf(row: Row): CheckResult {
  return {
    check: textIn(row, "check"),
    passed: flagOf(row["passed"]),
    measured: figureOf(row["measured"] as Json),
    limit: figureOf(row["limit"] as Json),
    unit: textIn(row, "unit"),
    dataAgeMs: numberOrNull(row, "dataAgeMs"),
    detail: textIn(row, "detail"),
  };
}

function figureOf(value: Json): number | string | null {
  return typeof value === "number" || typeof value === "string" ? value : null;
}
