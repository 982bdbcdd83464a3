import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { originOf, traceIdOf } from "../../src/market/trace.ts";
import { type ApiOrder, type ApiSignal, allSignals } from "./kit/api.ts";
import { dataFolder, HubProcess, until } from "./kit/hub-process.ts";

interface Trace {
  readonly traceId: string;
  readonly steps: readonly { readonly at: number; readonly kind: string }[];
  readonly timings: { readonly closeToAnswerMs: number | null };
  readonly candle: object | null;
  readonly signals: readonly ApiSignal[];
  readonly orders: readonly ApiOrder[];
  readonly fills: readonly { readonly clientOrderId: string }[];
  readonly positions: readonly object[];
  readonly logs: readonly { readonly message: string }[];
}

/** The kinds of the events that a stream sends, until it is closed. */
async function follow(hub: HubProcess, query: string, until: AbortSignal): Promise<string[]> {
  const kinds: string[] = [];
  const headers = { authorization: `Bearer ${hub.token()}` };
  const { body } = await fetch(`${hub.url}/api/v1/events${query}`, { headers, signal: until });
  void (async () => {
    let text = "";
    for await (const chunk of body ?? []) {
      text += Buffer.from(chunk).toString();
      const found = [...text.matchAll(/^event: (\S+)$/gm)];
      kinds.splice(0, kinds.length, ...found.map(([, kind = ""]) => kind));
    }
  })().catch(() => {});
  return kinds;
}

describe("one name follows a candle through a hub", () => {
  const folder = dataFolder();
  const leaving = new AbortController();
  let hub: HubProcess;
  let signal: ApiSignal;
  let traceId: string;
  let story: Trace;

  beforeAll(async () => {
    hub = await HubProcess.start(folder.path, { HUB_SPEED: "60" });
    signal = await until(
      async () => {
        const { orders } = await hub.get<{ orders: ApiOrder[] }>("/api/v1/orders?limit=1000");
        const bought = orders.find(({ state, signalId }) => state === "filled" && signalId);
        return (await allSignals(hub)).find(({ id }) => id === bought?.signalId);
      },
      90_000,
      "a signal whose order is filled",
    );
    traceId = traceIdOf(signal as Parameters<typeof traceIdOf>[0]);
    story = await hub.get<Trace>(`/api/v1/trace/${traceId}`);
  }, 200_000);

  afterAll(async () => {
    leaving.abort();
    await hub.stop();
    folder.remove();
  });

  test("to its signal, verdict, order and fill, in that order", () => {
    expect(story.candle).not.toBeNull();
    expect(story.signals.map(({ id }) => id)).toContain(signal.id);
    const order = story.orders.find(({ signalId }) => signalId === signal.id);
    expect(story.fills.map((fill) => fill.clientOrderId)).toContain(order?.clientOrderId);
    expect(story.positions.length).toBeGreaterThan(0);
    expect(story.timings.closeToAnswerMs).toBeGreaterThan(0);
    const path = ["candle-closed", "candle-stored", "signal-raised", "verdict-given"];
    const kinds = story.steps.map(({ kind }) => kind);
    const wanted = [...path, "order-created", "order-filled"];
    expect(wanted.map((kind) => kinds.indexOf(kind))).not.toContain(-1);
    expect(wanted).toEqual(wanted.toSorted((a, b) => kinds.indexOf(a) - kinds.indexOf(b)));
  });

  test("and is found by the signal and by the order as well", async () => {
    const order = story.orders.find(({ signalId }) => signalId === signal.id);
    for (const id of [signal.id, order?.clientOrderId ?? ""]) {
      expect(await hub.get(`/api/v1/trace/${id}`)).toMatchObject({ traceId });
    }
  });

  test("through its log, where each line of it carries the name", async () => {
    const lines = hub.stderr.split("\n").filter((line) => line.includes(`"${traceId}"`));
    const told = lines.map((line) => JSON.parse(line) as { actor: string; traceId: string });

    expect(new Set(told.map((line) => line.traceId))).toEqual(new Set([traceId]));
    expect(told.map(({ actor }) => actor)).toEqual(
      expect.arrayContaining(["architect", "analyst", "gatekeeper", "trader"]),
    );
    const { logs } = await hub.get<{ logs: { traceId: string }[] }>(
      `/api/v1/logs?trace=${traceId}`,
    );
    expect(new Set(logs.map((line) => line.traceId))).toEqual(new Set([traceId]));
    expect(story.logs.length).toBeGreaterThan(0);
  });

  test("through its events, of which a client may ask for these alone", async () => {
    // All that happened so far, of this candle only: from the first event of the run.
    const first = (await hub.get<{ startedAt: number }>("/api/v1/status")).startedAt;
    const run = Math.trunc(first).toString(36);
    const query = `?trace=${traceId}&lastEventId=${run}.0`;
    const kinds = await follow(hub, query, leaving.signal);
    await until(() => kinds.includes("order-filled"), 10_000, "the events of the trace");

    const about = ["candle-saved", "signal-raised", "verdict-given", "order-changed"];
    expect(kinds).toEqual(expect.arrayContaining([...about, "order-filled"]));
    const others = ["series-added", "poll-finished", "lease-gained", "history-saved"];
    expect(kinds.filter((kind) => others.includes(kind))).toEqual([]);
  });

  test("and its name alone tells which candle it was", () => {
    expect(originOf(traceId)).toEqual({ series: signal.series, openTime: signal.openTime });
  });
});
