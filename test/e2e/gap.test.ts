import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { timeframeMs } from "../../src/market/timeframe.ts";
import { marketTruth } from "../kit/market-truth.ts";
import { allCandles, allSignals } from "./kit/api.ts";
import { dataFolder, HubProcess, until } from "./kit/hub-process.ts";
import { metronomeFolder } from "./kit/metronome.ts";
import { hubTime, logged } from "./kit/outage.ts";

const SEED = "gap";
const SPEED = 30;
const PAIR = "BTC/USDT";
/** Candles that a signal looks back on; of each candle that may raise one, one is raised. */
const WARMUP = 10;
const MINUTE = timeframeMs("1m");

/** For three minutes of the market a pair's newest minutes are not shown until 70 s after their close. */
const FAULTS = [
  {
    kind: "late-candle",
    lateMs: 70_000,
    symbol: "BTCUSDT",
    interval: "1m",
    fromMs: 600_000,
    forMs: 180_000,
  },
];

interface Gap {
  readonly openTime: number;
  readonly state: string;
  readonly reason: string;
  readonly attempts: number;
  readonly noticedAt: number;
  readonly settledAt: number | null;
  readonly discardedAt: number | null;
}

describe("a candle that its exchange shows only after the next one has closed", () => {
  const folder = dataFolder();
  const truth = marketTruth(SEED);
  const seen = new Map<number, Gap[]>();
  let hub: HubProcess;

  const gaps = async (): Promise<Gap[]> => {
    const query = `exchange=binance&pair=${encodeURIComponent(PAIR)}&timeframe=1m&limit=200`;
    return (await hub.get<{ gaps: Gap[] }>(`/api/v1/gaps?${query}`)).gaps;
  };
  /** Notes every state that a gap is shown in; answers those that are healed. */
  const watch = async (): Promise<Gap[]> => {
    const now = await gaps();
    for (const gap of now) {
      const known = seen.get(gap.openTime) ?? [];
      if (known.at(-1)?.state !== gap.state) seen.set(gap.openTime, [...known, gap]);
    }
    return now.filter(({ state }) => state === "healed");
  };

  beforeAll(async () => {
    hub = await HubProcess.start(folder.path, {
      HUB_SPEED: String(SPEED),
      HUB_SANDBOX_SEED: SEED,
      HUB_SANDBOX_FAULTS: JSON.stringify(FAULTS),
      HUB_EXCHANGE_DEADLINE_MS: "1000",
      HUB_STRATEGIES_DIR: metronomeFolder(folder.path, WARMUP),
      HUB_STRATEGIES: JSON.stringify([{ id: "metronome" }]),
    });
    const isOver = async (): Promise<boolean> => {
      const healed = await watch();
      return seen.size > 0 && healed.length === seen.size && (await isPast(healed));
    };
    await until(isOver, 150_000, "the gaps to come and to heal");
  }, 300_000);

  afterAll(async () => {
    await hub.stop("SIGKILL");
    folder.remove();
  });

  const isPast = async (healed: readonly Gap[]): Promise<boolean> => {
    const last = Math.max(...healed.map(({ settledAt }) => settledAt ?? 0));
    return (await hubTime(hub)) > last + 5 * MINUTE;
  };
  const discarded = (): Gap[] =>
    [...seen.values()]
      .flatMap((states) => states.slice(-1))
      .filter((gap) => gap.discardedAt !== null);

  const ofSeries = async () =>
    (await allSignals(hub)).filter(
      ({ series }) => series.pair === PAIR && series.timeframe === "1m",
    );

  test("is shown as a gap with its reason, and its opportunity as discarded at the next close", () => {
    expect(discarded().length).toBeGreaterThan(0);
    const open = [...seen.values()].flat().filter(({ state }) => state === "missing");
    expect(open.length).toBeGreaterThan(0);
    for (const gap of open) {
      expect(gap).toMatchObject({
        reason: "the exchange has not delivered the candle yet",
        settledAt: null,
      });
      const nextClose = gap.openTime + 2 * MINUTE;
      expect(gap.discardedAt).toBeGreaterThanOrEqual(nextClose);
      expect(gap.discardedAt).toBeLessThan(nextClose + MINUTE);
    }
  });

  test("heals when it comes, and keeps why it lacked and when it was given up", () => {
    for (const states of seen.values()) {
      const [first, last] = [states[0], states.at(-1)];
      expect(last).toMatchObject({
        state: "healed",
        reason: first?.reason,
        noticedAt: first?.noticedAt,
      });
      expect(last?.settledAt).toBeGreaterThanOrEqual(first?.noticedAt ?? Number.NaN);
    }
  });

  test("is stored as it truly was, in a row without holes", async () => {
    const candles = await allCandles(hub, PAIR, "1m");
    const from = candles[0]?.openTime ?? 0;

    expect(candles.map(({ openTime }) => openTime)).toEqual(
      candles.map((_, i) => from + i * MINUTE),
    );
    for (const { openTime } of discarded()) {
      const stored = candles.find((candle) => candle.openTime === openTime);
      expect(stored).toMatchObject(truth(PAIR, "1m", openTime));
    }
  });

  test("raises no signal and never did, though every other candle of the time does", async () => {
    const signals = await ofSeries();
    const raised = signals.map(({ openTime }) => openTime).toSorted((a, b) => a - b);
    const given = discarded().map(({ openTime }) => openTime);
    const from = Math.min(...given) - 5 * MINUTE;
    const until = Math.max(...given) + 4 * MINUTE;
    const due = Array.from({ length: (until - from) / MINUTE }, (_, i) => from + i * MINUTE);

    expect(raised.filter((openTime) => openTime >= from && openTime < until)).toEqual(
      due.filter((openTime) => !given.includes(openTime)),
    );
    expect(logged(hub, "restarted")).toEqual([]);
  });

  test("is history to those after it: they look back on whole windows", async () => {
    const last = Math.max(...discarded().map(({ openTime }) => openTime));
    const behind = (await ofSeries()).filter(
      ({ openTime }) => openTime > last && openTime <= last + (WARMUP - 1) * MINUTE,
    );
    const whole = behind.map(({ verdict }) =>
      verdict?.checks.find(({ check }) => check === "window-complete"),
    );

    expect(whole.length).toBeGreaterThan(2);
    expect(whole.map((check) => check?.passed)).toEqual(whole.map(() => true));
  });
});
