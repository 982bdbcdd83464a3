import { describe, expect, test } from "vitest";
import { NOW } from "./kit/builders.ts";
import { TRACE_ID } from "./kit/fakes.ts";
import { serveFilled } from "./kit/served.ts";

const { ask } = serveFilled();

interface Traced {
  readonly traceId: string;
  readonly steps: readonly { at: number; kind: string; id: string | null; detail: string }[];
  readonly timings: object;
  readonly logs: readonly object[];
}
const trace = async (id: string) => (await ask("GET", `/api/v1/trace/${id}`)).json as Traced;

describe("the story of a candle", () => {
  test("is told from its close to the end of what was bought because of it", async () => {
    const { steps } = await trace(TRACE_ID);

    expect(steps.map(({ at, kind, id }) => [at - NOW, kind, id])).toEqual([
      [0, "candle-closed", null],
      [2_000, "gap-noticed", null],
      [5_000, "candle-stored", null],
      [5_000, "gap-settled", null],
      [5_100, "signal-raised", "s-1"],
      [5_100, "signal-raised", "s-2"],
      [5_200, "verdict-given", "s-1"],
      [5_200, "queued", "o-1"],
      [5_250, "verdict-given", "s-2"],
      [5_300, "order-created", "o-1"],
      [5_310, "order-sent", "o-1"],
      [5_400, "order-filled", "o-1"],
      [5_400, "position-opened", "o-1"],
      [5_400, "order-ended", "o-1"],
      [60_000, "order-created", "o-9"],
      [60_005, "order-sent", "o-9"],
      [60_100, "order-filled", "o-9"],
      [60_100, "order-ended", "o-9"],
      [60_100, "position-closed", "o-1"],
    ]);
    expect(steps.find(({ id, kind }) => id === "s-2" && kind === "verdict-given")).toMatchObject({
      detail: "refused: spread, depth",
    });
  });

  test("tells how long each part of the way took, and what was not gone", async () => {
    const { timings } = await trace(TRACE_ID);

    const verdict = { answerToVerdictMs: 200, verdictToOrderMs: 100, orderToFillMs: 90 };
    const refused = { answerToVerdictMs: 250, verdictToOrderMs: null, orderToFillMs: null };
    expect(timings).toEqual({
      closeToAnswerMs: 5_000,
      signals: [
        { signalId: "s-1", ...verdict },
        { signalId: "s-2", ...refused },
      ],
    });
  });

  test("is found by a signal and by an order in it, and brings its log lines", async () => {
    for (const id of ["s-1", "o-9"]) {
      const { traceId, logs } = await trace(id);

      expect(traceId).toBe(TRACE_ID);
      expect(logs).toMatchObject([{ seq: 0, message: "zeroth", source: "trader" }]);
    }
  });

  test.each([
    ["the id of nobody", "s-77", "Nothing here is called s-77."],
    [
      "a candle that the hub never had",
      "binance.BTC-USDT.15m.20200101T000000Z",
      "The hub knows nothing of the candle binance.BTC-USDT.15m.20200101T000000Z.",
    ],
  ])("%s is not found", async (_what, id, detail) => {
    const answer = await ask("GET", `/api/v1/trace/${id}`);

    expect(answer.status).toBe(404);
    expect(answer.json).toMatchObject({ detail });
  });

  test.each(["binance.BTC-USDT.15m.20200101T000001Z", "a.b", "x%20y", "x".repeat(101)])(
    "%s cannot be read",
    async (id) => {
      expect((await ask("GET", `/api/v1/trace/${id}`)).status).toBe(400);
    },
  );
});

describe("the recent log", () => {
  const seqs = async (query: string) => {
    const { json } = await ask("GET", `/api/v1/logs${query}`);
    return (json as { logs: { seq: number }[] }).logs.map(({ seq }) => seq);
  };

  test.each([
    ["", [3, 2, 1, 0]],
    ["?limit=2", [3, 2]],
    ["?level=info", [2, 1, 0]],
    ["?level=error", [2]],
    ["?actor=trader", [0]],
    [`?trace=${TRACE_ID}`, [0]],
    [`?trace=${TRACE_ID}&level=warn`, []],
  ])("with %s shows the lines %j", async (query, lines) => {
    expect(await seqs(query)).toEqual(lines);
  });

  test.each(["?trace=s-1", "?level=loud", "?limit=0"])("does not understand %s", async (query) => {
    expect((await ask("GET", `/api/v1/logs${query}`)).status).toBe(400);
  });
});
