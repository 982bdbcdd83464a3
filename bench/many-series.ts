import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sortVariables } from "../src/config/env.ts";
import { type Settings, settingsSchema } from "../src/config/settings.ts";
import { Redactor } from "../src/system/redactor.ts";
import { type Hub, startHub } from "../src/system.ts";

/** A minute in fifteen seconds: one sweep of a thousand series is over before the next begins. */
export const SPEED = 4;
/** Of every series that {@link manySeries} follows. */
export const MINUTE_MS = 60_000;

/** Wishes for something on one candle in twenty, as a busy but not absurd strategy would. */
const STRATEGY = `export default ({ z }) => ({
  id: "bench",
  version: "1",
  summary: "Signals on one candle in twenty, told by its volume.",
  parameters: z.strictObject({}),
  warmup: () => 50,
  start: () => ({
    onCandle({ candle }) {
      const digits = Math.round(candle.volume * 7919) % 20;
      if (digits !== 0) return undefined;
      const stopLoss = (candle.close * 0.98).toFixed(8);
      return { side: "buy", strength: 0.5, stopLoss, evidence: { digits } };
    },
  }),
});
`;

/** A hub that follows many pairs in 1m on the sandbox exchange. */
export interface ManySeries {
  readonly hub: Hub;
  /** The operator's. */
  readonly token: string;
  /** Stops the hub and removes its data. */
  remove(): Promise<void>;
}

export async function manySeries(
  count: number,
  changes: Partial<Settings> = {},
): Promise<ManySeries> {
  const folder = mkdtempSync(join(tmpdir(), "hub-bench-"));
  writeFileSync(join(folder, "bench.mjs"), STRATEGY);
  const pairs = Array.from({ length: count }, (_, i) => `S${String(i + 1).padStart(4, "0")}/USDT`);
  const hub = await startHub(
    settingsSchema.parse({
      port: 0,
      dataDir: join(folder, "data"),
      logLevel: "error",
      speed: SPEED,
      sandboxExtraPairs: count,
      strategiesDir: folder,
      strategies: [
        { id: "bench" },
        { id: "ema-cross" },
        { id: "macd-adx-trend" },
        { id: "bollinger-breakout" },
      ],
      portfolios: [{ name: "default", pairs, timeframes: ["1m"] }],
      ...changes,
    }),
    sortVariables({}),
    new Redactor(),
  );
  return {
    hub,
    token: readFileSync(join(folder, "data", "operator.token"), "utf8").trim(),
    remove: async () => {
      await hub.stop("measured");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** How many series have an analyst that has read its history. */
export async function armed({ hub, token }: ManySeries): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${hub.url}/api/v1/watchlist`, { headers });
  const { watchlist } = (await answer.json()) as { watchlist: readonly { state: string }[] };
  return watchlist.filter(({ state }) => state === "armed").length;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
