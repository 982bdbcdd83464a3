import type { Call, CrashPoint } from "./crash-line.ts";
import { type HubProcess, until } from "./hub-process.ts";

type Moment = CrashPoint["moment"];

/** A question to the database that has an answer once something was done. */
interface Trace {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** One step of the way, at which a hub can die. */
export interface Step {
  /** What the call does, as in "dies before ...". */
  readonly what: string;
  readonly fn: string;
  readonly moments: readonly Moment[];
  readonly isIt?: CrashPoint["isIt"];
  /** What people ask for that leads there; without it the hub comes there by itself. */
  readonly ask?: (hub: HubProcess, moment: Moment) => Promise<unknown>;
  /** Finds what has become of the call; without it the books alone are looked at. */
  readonly trace?: (call: Call, moment: Moment) => Trace;
  /** Whether the hub does it after all when it died before; what people asked for they ask again. */
  readonly isResumed: boolean;
}

const HOLDING_LIMIT_MS = 90_000;
const BOTH = ["before", "after"] as const;

interface Decided {
  readonly signal: { readonly id: string };
  readonly order?: { readonly clientOrderId: string };
}

const decisions = ({ args }: Call): readonly Decided[] => args["p_decisions"] as Decided[];

const orderId = ({ args }: Call): string =>
  (args["p_order"] as { clientOrderId: string }).clientOrderId;

const settledId = ({ args }: Call): string =>
  (args["p_step"] as { order: { clientOrderId: string } }).order.clientOrderId;

const originOf = ({ args }: Call): unknown => Reflect.get(args["p_order"] as object, "origin");

/** An order that has ended, and whose fills are all that the venue made. */
const ended = (id: string): Trace => ({
  sql: "select from hub.orders where client_order_id = $1 and ended_at is not null",
  values: [id],
});

const follows = (pair: string, timeframe: number, is: boolean): Trace => ({
  sql: `select where exists (select from hub.active_watchlist w join hub.series x on x.id = w.series_id
    where x.pair = $1 and x.tf = $2) = $3`,
  values: [pair, timeframe, is],
});

const scopeOf = (name: string) => ({ kind: "portfolio", portfolio: name }) as const;

/** Wishes to be rid of everything, once there is something. */
async function sellAll(hub: HubProcess): Promise<unknown> {
  await hub.post("/api/v1/resume", {});
  const isHolding = async (): Promise<boolean> =>
    (await hub.get<{ positions: unknown[] }>("/api/v1/positions")).positions.length > 0;
  await until(isHolding, HOLDING_LIMIT_MS, "something that is held");
  return hub.post("/api/v1/halt", { mode: "flatten" });
}

/** From the candle to the fill, in the order in which a signal comes by. */
export const STEPS: readonly Step[] = [
  { what: "candles are stored", fn: "hub_candles_upsert", moments: BOTH, isResumed: true },
  {
    what: "an analyst's work is marked as done",
    fn: "hub_watch_evaluated",
    moments: BOTH,
    isResumed: true,
  },
  {
    what: "a verdict is written that lets a signal through",
    fn: "hub_decide",
    moments: BOTH,
    isIt: (call) => decisions(call).some(({ order }) => order !== undefined),
    // A hub that was away for longer than a candle lasts thinks about the newer one instead.
    trace: (call) => ({
      sql: `select from unnest($1::text[]) as id having bool_and(
        exists (select from hub.verdicts v where v.signal_id = id)
        or exists (select from hub.series x where x.evaluated_to >= to_timestamp($2::float8 / 1000)))`,
      values: [
        decisions(call).map(({ signal }) => signal.id),
        Math.max(...decisions(call).map(({ signal }) => Number(Reflect.get(signal, "closeTime")))),
      ],
    }),
    isResumed: true,
  },
  {
    what: "an accepted signal is taken from the queue",
    fn: "hub_queue_claim",
    // Before that it waits there, as after its verdict.
    moments: ["after"],
    isIt: (_, answer) => answer.includes("clientOrderId"),
    isResumed: true,
  },
  {
    what: "an order is written down",
    fn: "hub_order_create",
    moments: BOTH,
    isIt: (call) => originOf(call) === "signal",
    trace: (call) => ended(orderId(call)),
    isResumed: true,
  },
  {
    what: "the venue takes an order",
    fn: "hub_paper_keep",
    moments: BOTH,
    trace: (call) => ended(orderId(call)),
    isResumed: true,
  },
  {
    what: "a fill is settled",
    fn: "hub_settle_held",
    moments: BOTH,
    isIt: ({ args }) => (args["p_step"] as { fills: unknown[] }).fills.length > 0,
    trace: (call) => ended(settledId(call)),
    isResumed: true,
  },
  {
    what: "a signal's place in the queue is ended",
    fn: "hub_queue_finish",
    moments: BOTH,
    trace: ({ args }) => ({
      sql: "select from hub.signal_queue where id = $1 and status = 'done'",
      values: [args["p_id"]],
    }),
    isResumed: true,
  },
  { what: "the account is marked", fn: "hub_account_mark", moments: BOTH, isResumed: true },
  { what: "a lease is prolonged", fn: "hub_lease_acquire", moments: BOTH, isResumed: true },
  {
    what: "a halt is written down",
    fn: "hub_halt",
    moments: BOTH,
    ask: (hub, moment) => hub.post("/api/v1/halt", { scope: scopeOf(`halted ${moment}`) }),
    trace: (_, moment) => ({
      sql: "select from hub.halts where portfolio = $1 and resumed_at is null",
      values: [`halted ${moment}`],
    }),
    isResumed: false,
  },
  {
    what: "a halt is ended",
    fn: "hub_resume",
    moments: BOTH,
    ask: async (hub, moment) => {
      const wish = { scope: scopeOf(`resumed ${moment}`) };
      await hub.post("/api/v1/halt", wish);
      await hub.post("/api/v1/resume", wish);
    },
    trace: (_, moment) => ({
      sql: "select from hub.halts where portfolio = $1 and resumed_at is not null",
      values: [`resumed ${moment}`],
    }),
    isResumed: false,
  },
  {
    what: "a series is followed",
    fn: "hub_watch_add",
    moments: BOTH,
    ask: (hub, moment) => {
      const pair = moment === "before" ? "S0001/USDT" : "S0002/USDT";
      return hub.post("/api/v1/watchlist", { exchange: "binance", pair, timeframe: "15m" });
    },
    trace: ({ args }) => follows(String(args["p_pair"]), 15, true),
    isResumed: false,
  },
  {
    what: "a series is no longer followed",
    fn: "hub_watch_remove",
    moments: BOTH,
    ask: (hub, moment) => {
      const pair = moment === "before" ? "S0003-USDT" : "S0004-USDT";
      return hub.request(`/api/v1/watchlist/binance/${pair}/5m`, { method: "DELETE" });
    },
    trace: (_, moment) => follows(moment === "before" ? "S0003/USDT" : "S0004/USDT", 5, false),
    isResumed: false,
  },
  {
    what: "a sale is written down by which everything is to be sold",
    fn: "hub_order_create",
    moments: BOTH,
    isIt: (call) => originOf(call) === "flatten",
    ask: sellAll,
    trace: (call) => ended(orderId(call)),
    isResumed: true,
  },
];
