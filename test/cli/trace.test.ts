import { describe, expect, test } from "vitest";
import { story } from "../http/kit/story.ts";
import { askFake as ask } from "./fake-hub.ts";

const TRACE_ID = "binance.BTC-USDT.15m.20260310T114500Z";
const CLOSE = Date.UTC(2026, 2, 10, 12);
const body = {
  ...story(),
  signals: [],
  traceId: TRACE_ID,
  series: { exchange: "binance", pair: "BTC/USDT", timeframe: "15m" },
  openTime: CLOSE - 900_000,
  closeTime: CLOSE,
  steps: [
    { at: CLOSE, kind: "candle-closed", id: null, detail: "binance:BTC/USDT:15m" },
    { at: CLOSE + 5_100, kind: "signal-raised", id: "s-1", detail: "ema-cross says buy at 2" },
  ],
  timings: {
    closeToAnswerMs: 5_000,
    signals: [
      { signalId: "s-1", answerToVerdictMs: 200, verdictToOrderMs: null, orderToFillMs: null },
    ],
  },
  logs: [{ seq: 1, at: CLOSE + 5_100, level: "info", message: "a\nline", traceId: TRACE_ID }],
};

describe("hub trace", () => {
  test("draws the story as lines with times, and how long each part of the way took", async () => {
    const { exitCode, out } = await ask(["trace", TRACE_ID], `GET /api/v1/trace/${TRACE_ID}`, {
      body,
    });

    expect(exitCode).toBe(0);
    expect(out.split("\n")).toEqual([
      TRACE_ID,
      "time                      since close ms  what           of   detail",
      "2026-03-10T12:00:00.000Z               0  candle-closed       binance:BTC/USDT:15m",
      "2026-03-10T12:00:05.100Z            5100  signal-raised  s-1  ema-cross says buy at 2",
      "",
      "close to answer 5000 ms",
      "s-1: answer to verdict 200 ms, verdict to order -, order to fill -",
      "",
      "recent log lines:",
      "2026-03-10T12:00:05.100Z  info  a line",
    ]);
  });

  test("gives the hub's own answer with --json", async () => {
    const { out } = await ask(["trace", "s-1", "--json"], "GET /api/v1/trace/s-1", { body });

    expect(JSON.parse(out)).toEqual(body);
  });

  test("says in one line that there is no such story", async () => {
    const detail = "Nothing here is called s-7.";
    const answer = { status: 404, body: { title: "Not Found", detail } };

    const { exitCode, err } = await ask(["trace", "s-7"], "GET /api/v1/trace/s-7", answer);

    expect({ exitCode, err }).toEqual({ exitCode: 1, err: detail });
  });
});
