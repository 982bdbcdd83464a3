import { type SandboxOptions, startSandbox } from "../../../../src/exchanges/sandbox/index.ts";
import { ManualClock } from "../../../kit/manual-clock.ts";

/** A Sunday afternoon, half a minute into a candle of every timeframe. */
export const NOW = Date.UTC(2026, 10, 22, 13, 7, 31, 500);

/** A sandbox exchange on a clock that stands still, and plain requests to it. */
export async function openSandbox(options: Partial<SandboxOptions> & { nowMs?: number } = {}) {
  const clock = new ManualClock(options.nowMs ?? NOW);
  const sandbox = await startSandbox({ seed: "tests", ...options, clock });
  const get = async (path: string) => {
    const response = await fetch(`${sandbox.url}${path}`);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(text) };
  };
  const rows = async (query: string) => (await get(`/api/v3/klines?${query}`)).body as KlineRow[];
  return { sandbox, clock, get, rows };
}

/** Open time, open, high, low, close, volume, close time, quote volume, trades and so on. */
type KlineRow = [number, string, string, string, string, string, number, string, number];

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
