import type { Candle } from "../../../src/market/candle.ts";
import type { Halt } from "../../../src/market/halt.ts";
import type { Order } from "../../../src/market/order.ts";
import type { EquityDay } from "../../../src/market/performance/equity-curve.ts";
import type { Account, Portfolio } from "../../../src/market/portfolio.ts";
import type { Position } from "../../../src/market/position.ts";
import { seriesKey } from "../../../src/market/series.ts";
import { type Origin, traceIdOf } from "../../../src/market/trace.ts";
import { StoreFailure } from "../../../src/store/errors.ts";
import type { LeaseRow, LeaseStore } from "../../../src/store/lease-port.ts";
import type { LedgerStore } from "../../../src/store/ledger-port.ts";
import type { KeptNotification, NotificationStore } from "../../../src/store/notification-port.ts";
import type { OutboxEvent, OutboxStore } from "../../../src/store/outbox-port.ts";
import type {
  CandleStore,
  Gap,
  GapStore,
  KnownSeries,
  PulseStore,
  Store,
  WatchStore,
} from "../../../src/store/port.ts";
import type { RunStore } from "../../../src/store/run-port.ts";
import type { Story } from "../../../src/store/trace-port.ts";
import type {
  QueueItem,
  RiskState,
  SignalRow,
  TradeRow,
  TradeStore,
} from "../../../src/store/trade-port.ts";
import type { UpkeepStore } from "../../../src/store/upkeep-port.ts";
import { FakeRequestStore } from "../../kit/fake-requests.ts";
import { FakeTokenStore } from "../../kit/fake-tokens.ts";
import { paperLedgerInMemory } from "../../kit/paper-ledger.ts";
import { account, storeFigures } from "./builders.ts";

const EMPTY_STORY: Story = {
  candle: null,
  gap: null,
  signals: [],
  queue: [],
  orders: [],
  fills: [],
  positions: [],
};

/** What a fake store holds; a test changes it at will. */
export interface Shelves {
  mood: "ok" | "offline" | "hanging" | "refusing";
  account: Account | null;
  halts: readonly Halt[];
  watched: KnownSeries[];
  portfolios: Portfolio[];
  /** By series key, oldest first. */
  candles: Map<string, Candle[]>;
  gaps: Gap[];
  signals: SignalRow[];
  queue: QueueItem[];
  orders: Order[];
  positions: Position[];
  trades: TradeRow[];
  equity: EquityDay[];
  /** By trace id. */
  stories: Map<string, Story>;
  /** By the id of a signal or an order. */
  origins: Map<string, Origin>;
  leases: LeaseRow[];
  audit: { id: number; at: number; who: string; what: string; detail: null }[];
  events: OutboxEvent[];
  notifications: KeptNotification[];
  readonly tokens: FakeTokenStore;
  readonly requests: FakeRequestStore;
  calls: number;
}

export function emptyShelves(): Shelves {
  return {
    mood: "ok",
    account: account(),
    halts: [],
    watched: [],
    portfolios: [],
    candles: new Map(),
    gaps: [],
    signals: [],
    queue: [],
    orders: [],
    positions: [],
    trades: [],
    equity: [],
    stories: new Map(),
    origins: new Map(),
    leases: [],
    audit: [],
    events: [],
    notifications: [],
    tokens: new FakeTokenStore(),
    requests: new FakeRequestStore(),
    calls: 0,
  };
}

/** Methods that reading never calls are left out: a call of one fails its test. */
function part<T>(methods: Partial<T>): T {
  return methods as T;
}

/** A store in memory, as much of it as reading needs. */
export function fakeStore(shelves: Shelves): Store {
  const give = <T>(value: () => T): Promise<T> => {
    shelves.calls += 1;
    if (shelves.mood === "hanging") return new Promise<T>(() => {});
    if (shelves.mood === "ok") return Promise.resolve().then(value);
    const fault = shelves.mood === "offline" ? "offline" : "refused";
    return Promise.reject(new StoreFailure(fault, "XX000", "postgres://user:s3cret@db is gone"));
  };
  shelves.tokens.reach = () => give(() => {});
  shelves.requests.reach = () => give(() => {});
  const unused = (): Promise<never> => Promise.reject(new Error("not part of this fake"));
  return {
    candles: part<CandleStore>({
      last: (series, limit) =>
        give(() => (shelves.candles.get(seriesKey(series)) ?? []).slice(-limit)),
      range: (series, from, to, limit) =>
        give(() =>
          (shelves.candles.get(seriesKey(series)) ?? [])
            .filter(({ openTime }) => openTime >= from && openTime < to)
            .slice(0, limit),
        ),
    }),
    gaps: part<GapStore>({
      list: ({ state, limit, beforeId = Number.POSITIVE_INFINITY }) =>
        give(() =>
          shelves.gaps
            .filter((gap) => gap.id < beforeId && (state === undefined || gap.state === state))
            .slice(0, limit),
        ),
    }),
    ledger: part<LedgerStore>({}),
    watch: part<WatchStore>({
      active: () => give(() => shelves.watched),
      portfolios: () => give(() => shelves.portfolios),
    }),
    trade: part<TradeStore>({
      queue: (limit, before = Number.POSITIVE_INFINITY) =>
        give(() => shelves.queue.filter(({ id }) => id < before).slice(0, limit)),
      orders: ({ limit, before }) =>
        give(() => {
          const from =
            shelves.orders.findIndex(({ clientOrderId }) => clientOrderId === before) + 1;
          return shelves.orders.slice(from, from + limit);
        }),
      positions: ({ open, limit, before }) =>
        give(() => {
          const from = shelves.positions.findIndex(({ id }) => id === before) + 1;
          return shelves.positions
            .slice(from)
            .filter(({ closedAt }) => (closedAt === undefined) === open)
            .slice(0, limit);
        }),
      trades: ({ limit, offset }) =>
        give(() => ({
          trades: shelves.trades.slice(offset, offset + limit),
          total: shelves.trades.length,
        })),
      closedTrades: (from, to) =>
        give(() =>
          shelves.trades
            .filter(({ closedAt }) => closedAt !== null && closedAt >= from && closedAt < to)
            .toSorted((a, b) => (a.closedAt ?? 0) - (b.closedAt ?? 0)),
        ),
      equityDays: (from) =>
        give(() => {
          const before = shelves.equity.findLast(({ day }) => day + 86_400_000 <= from);
          return shelves.equity.filter(({ day }) => day >= (before?.day ?? 0));
        }),
      signals: ({ limit, beforeSeq = Number.POSITIVE_INFINITY, decision }) =>
        give(() =>
          shelves.signals
            .filter(({ seq }) => seq < beforeSeq)
            .filter(({ verdict }) => decision === undefined || verdict?.decision === decision)
            .slice(0, limit),
        ),
      origin: (id) => give(() => shelves.origins.get(id)),
      account: () => give(() => accountOn(shelves)),
      riskState: () => give(() => riskOn(shelves)),
      halts: () => give(() => shelves.halts),
    }),
    paper: paperLedgerInMemory(),
    traces: {
      story: (origin) => give(() => shelves.stories.get(traceIdOf(origin)) ?? EMPTY_STORY),
    },
    leases: part<LeaseStore>({ list: () => give(() => shelves.leases) }),
    pulse: part<PulseStore>({
      auditLog: (limit, before = Number.POSITIVE_INFINITY) =>
        give(() => shelves.audit.filter(({ id }) => id < before).slice(0, limit)),
    }),
    upkeep: part<UpkeepStore>({
      figures: (options) => give(() => storeFigures(options?.months)),
    }),
    runs: part<RunStore>({}),
    notifications: part<NotificationStore>({
      list: (limit, before = Number.POSITIVE_INFINITY) =>
        give(() => shelves.notifications.filter(({ id }) => id < before).slice(0, limit)),
    }),
    outbox: part<OutboxStore>({
      after: (id, limit) =>
        give(() => {
          const place = shelves.events.findIndex((event) => event.id === id);
          if (id > 0 && place < 0) throw new StoreFailure("refused", "event-gone", "gone");
          return shelves.events.slice(place + 1, place + 1 + limit);
        }),
    }),
    tokens: shelves.tokens,
    requests: shelves.requests,
    database: {
      call: unused,
      health: () => ({
        state: shelves.mood === "offline" ? "offline" : "ok",
        reason: "as the test wants",
      }),
      close: () => Promise.resolve(),
    },
  };
}

function accountOn({ account: opened }: Shelves): Account {
  if (opened !== null) return opened;
  throw new StoreFailure("refused", "no-account", "no account was opened");
}

function riskOn(shelves: Shelves): RiskState {
  const nothing = { working: [], tradesToday: 0, lastClosedAt: {}, revision: 1 };
  const positions = shelves.positions.filter(({ closedAt }) => closedAt === undefined);
  return { ...nothing, account: accountOn(shelves), positions, halts: shelves.halts };
}
