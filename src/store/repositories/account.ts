import type { EquityDay } from "../../market/performance/equity-curve.ts";
import type { Account } from "../../market/portfolio.ts";
import { StoreFailure } from "../errors.ts";
import type { Database } from "../port.ts";
import type { RiskState, TradeStore } from "../trade-port.ts";
import { haltsOf } from "./halts.ts";
import { requestOf } from "./orders.ts";
import { inPages } from "./pages.ts";
import { listOf, moneyIn, numberIn, rowOf, textIn } from "./parse.ts";
import { positionOf } from "./positions.ts";

/** Three years, some 200 bytes each. */
const DAYS_A_PAGE = 1_000;

export type AccountStore = Pick<
  TradeStore,
  "riskState" | "account" | "openAccount" | "mark" | "equityDays"
>;

export function accountStore(database: Database): AccountStore {
  return {
    async riskState(dayStartMs) {
      return riskStateOf(await database.call("hub_risk_state", { p_day_start: dayStartMs }));
    },

    async account() {
      return accountOf(await database.call("hub_account", {}));
    },

    async openAccount(broker, currency, cash, at) {
      return accountOf(await database.call("hub_account_open", { broker, currency, cash, at }));
    },

    async mark(equity, at) {
      await database.call("hub_account_mark", { equity, at });
    },

    equityDays(fromMs) {
      const all = Number.POSITIVE_INFINITY;
      return inPages<EquityDay>(DAYS_A_PAGE, all, async (rows, behind) => {
        const place = behind === undefined ? {} : { p_after: behind.day };
        const args = { p_from: fromMs, p_limit: rows, ...place };
        return listOf(await database.call("hub_equity", args), equityDayOf);
      });
    },
  };
}

function riskStateOf(value: unknown): RiskState {
  const row = rowOf(value);
  if (row["account"] === null) {
    throw new StoreFailure("refused", "no-account", "no account has been opened");
  }
  const closed = rowOf(row["lastClosedAt"]);
  return {
    account: accountOf(row["account"]),
    positions: listOf(row["positions"], positionOf),
    working: listOf(row["working"], (item) => {
      const order = rowOf(item);
      return { ...requestOf(order), reservedQuote: moneyIn(order, "reservedQuote") };
    }),
    tradesToday: numberIn(row, "tradesToday"),
    lastClosedAt: Object.fromEntries(
      Object.keys(closed).map((pair) => [pair, numberIn(closed, pair)]),
    ),
    halts: haltsOf(row["halts"]),
    revision: numberIn(row, "revision"),
  };
}

function accountOf(value: unknown): Account {
  const row = rowOf(value);
  return {
    broker: textIn(row, "broker"),
    currency: textIn(row, "currency"),
    cash: moneyIn(row, "cash"),
    reserved: moneyIn(row, "reserved"),
    startingCash: moneyIn(row, "startingCash"),
    peakEquity: moneyIn(row, "peakEquity"),
    dayStartEquity: moneyIn(row, "dayStartEquity"),
    dayStart: numberIn(row, "dayStart"),
  };
}

function equityDayOf(value: unknown): EquityDay {
  const row = rowOf(value);
  return {
    day: numberIn(row, "day"),
    open: moneyIn(row, "open"),
    high: moneyIn(row, "high"),
    low: moneyIn(row, "low"),
    close: moneyIn(row, "close"),
    flow: moneyIn(row, "flow"),
    markedAt: numberIn(row, "markedAt"),
  };
}
