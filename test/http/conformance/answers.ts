import {
  areUnique,
  type Body,
  bodyOf,
  entriesOf,
  everyOf,
  isAbsentOr,
  isFlag,
  isInstant,
  isNewestFirst,
  isNumber,
  isNumberOrNull,
  isOneOf,
  isText,
  type Rule,
} from "./rules.ts";

const STATES = ["ok", "connected", "offline", "not_configured"];
const TIMEFRAMES = ["1m", "5m", "15m", "30m", "1h", "4h", "1d", "1w", "1M", "D", "W", "M"];
const DAY_MS = 86_400_000;

export function healthRules(body: Body): readonly Rule[] {
  return [
    ["C-10 live_mode", isFlag(body["live_mode"])],
    ["C-10 vvault_status", isOneOf(body["vvault_status"], STATES)],
    ["C-10 supabase_status", isOneOf(body["supabase_status"], STATES)],
    ["C-10 version", isText(body["version"])],
    ["C-10 uptime", isNumber(body["uptime"])],
    ["C-11", isText(body["worker_status"])],
  ];
}

export function statusRules(body: Body): readonly Rule[] {
  const account = bodyOf(body["account"]);
  const brokers = entriesOf(body["brokers"]) ?? [];
  const active = body["active_broker_id"];
  const shut = ["not_configured", "not_supported", "error", "offline"];
  return [
    ["C-20", isText(body["status"]) && !shut.includes(body["status"])],
    ["C-21 live_mode", isFlag(body["live_mode"])],
    ["C-21 environment", isOneOf(body["environment"], ["demo", "live"])],
    ["C-21 account_type", isOneOf(body["account_type"], ["demo", "live"])],
    ["C-22", everyOf(body["brokers"], isBroker)],
    ["C-23", active === null || brokers.some(({ id }) => id === active)],
    [
      "C-24",
      ["balance", "equity", "pnl_today", "open_pnl"].every((k) => isNumberOrNull(account[k])),
    ],
    ["C-24 open_positions", isNumber(account["open_positions"])],
    ["C-25 account_balance", body["account_balance"] === account["balance"]],
    ["C-25 open_positions", body["open_positions"] === account["open_positions"]],
    ["C-26 vvault_status", isOneOf(body["vvault_status"], STATES)],
    ["C-26 supabase_status", isOneOf(body["supabase_status"], STATES)],
    ["C-27", body["environment"] === "live" || body["live_mode"] === false],
  ];
}

function isBroker({ id, name, configured, connected }: Body): boolean {
  return isText(id) && isText(name) && isFlag(configured) && isFlag(connected);
}

export function snapshotRules(body: Body): readonly Rule[] {
  const { price, change, changePercent, high, low } = body;
  const symbol = /^[A-Z0-9:.]+$/;
  const rest = ["change", "changePercent", "volume", "high", "low", "open"];
  return [
    ["C-30 symbol", isText(body["symbol"]) && symbol.test(body["symbol"])],
    ["C-30 current", isText(body["current_symbol"]) && symbol.test(body["current_symbol"])],
    ["C-31", isNumberOrNull(price) && rest.every((key) => isNumber(body[key]))],
    ["C-32 range", Number(high) >= Number(low)],
    ["C-32 change", price === null || agrees(Number(price), Number(change), Number(changePercent))],
    ["C-33", isOneOf(body["current_timeframe"], TIMEFRAMES)],
    ["C-35", isInstant(body["timestamp"])],
  ];
}

function agrees(price: number, change: number, percent: number): boolean {
  if (price === change) return true;
  const worked = (100 * change) / (price - change);
  return Math.abs(percent - worked) <= Math.max(0.02, 0.15 * Math.abs(worked));
}

export function tradesRules(body: Body): readonly Rule[] {
  const trades = entriesOf(body["trades"]) ?? [];
  const isTrade = (trade: Body): boolean =>
    isOneOf(trade["side"], ["buy", "sell"]) &&
    isOneOf(trade["status"], ["open", "closed", "pending"]) &&
    isAbsentOr(trade["source"], (word) => isOneOf(word, ["fxshinobi", "manual", "other"]));
  const hasFigures = ({ quantity, price, timestamp, pnl, status }: Body): boolean =>
    isNumber(quantity) &&
    isNumber(price) &&
    isInstant(timestamp) &&
    isAbsentOr(pnl, isNumber) &&
    (status !== "open" || pnl === undefined);
  const isNamed = ({ id, symbol }: Body): boolean => isText(id) && isText(symbol);
  return [
    ["C-40", everyOf(body["trades"], isNamed) && areUnique(trades, "id")],
    ["C-41", trades.every(isTrade)],
    ["C-42", trades.every(hasFigures)],
    ["C-43", isNewestFirst(trades)],
  ];
}

export function performanceRules(body: Body): readonly Rule[] {
  const { totalPnl, winRate, totalTrades, avgWin, avgLoss, sharpeRatio, maxDrawdown } = body;
  const main = [totalPnl, winRate, totalTrades, avgWin, avgLoss];
  const [rate, trades] = [Number(winRate), Number(totalTrades)];
  const span = Date.parse(String(body["periodEnd"])) - Date.parse(String(body["periodStart"]));
  const isRatio = (value: unknown): boolean => value === null || (isNumber(value) && value !== 0);
  const isDrop = (value: unknown): boolean =>
    value === null || (isNumber(value) && value > 0 && value <= 1);
  return [
    ["C-50", main.every(isNumber) && rate >= 0 && rate <= 1],
    ["C-50 averages", Number(avgWin) >= 0 && Number(avgLoss) >= 0],
    ["C-51 sharpeRatio", isAbsentOr(sharpeRatio, isRatio)],
    ["C-51 maxDrawdown", isAbsentOr(maxDrawdown, isDrop)],
    ["C-52", isInstant(body["periodStart"]) && Math.abs(span - 30 * DAY_MS) <= DAY_MS],
    ["C-53", trades > 0 || (main.every((figure) => figure === 0) && !isNumber(sharpeRatio))],
  ];
}

export function listRules(name: "markets" | "insights" | "logs", body: Body): readonly Rule[] {
  const entries = entriesOf(body[name]) ?? [];
  if (name === "markets") return [["C-60", entriesOf(body[name]) !== undefined]];
  if (name === "logs") {
    const isLine = ({ level, message, timestamp }: Body): boolean =>
      isOneOf(level, ["info", "warn", "error", "debug"]) && isText(message) && isInstant(timestamp);
    return [["C-70", everyOf(body[name], isLine) && isNewestFirst(entries)]];
  }
  const isInsight = ({ type, id, title, content, timestamp, value }: Body): boolean =>
    isOneOf(type, ["metric", "news", "alert", "recommendation"]) &&
    [id, title, content].every(isText) &&
    isInstant(timestamp) &&
    isAbsentOr(value, (one) => isText(one) || (isNumber(one) && one !== 0));
  return [["C-65", everyOf(body[name], isInsight) && areUnique(entries, "id")]];
}

export function brokerRules(body: Body): readonly Rule[] {
  const brokers = entriesOf(body["brokers"]) ?? [];
  const isEntry = (broker: Body): boolean =>
    isBroker(broker) &&
    isOneOf(broker["auth_type"], ["api_key", "oauth", "credentials"]) &&
    Array.isArray(broker["fields"]) &&
    broker["fields"].every(isText);
  return [["C-75", everyOf(body["brokers"], isEntry) && areUnique(brokers, "id")]];
}

export function accountRules(body: Body): readonly Rule[] {
  const figures = ["account_balance", "open_pnl", "pnl_today", "margin_used", "margin_available"];
  return [["C-85", figures.every((key) => isNumberOrNull(body[key])) && isText(body["currency"])]];
}
