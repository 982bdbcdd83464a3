import { get, type IncomingMessage } from "node:http";
import { afterEach, describe, expect, test, vi } from "vitest";
import { runOf } from "../../src/http/event-place.ts";
import type { HubEvent } from "../../src/market/events.ts";
import { TOKENS, TRACE_ID } from "./kit/fakes.ts";
import { open, setUp } from "./kit/world.ts";

const about = (traceId: string): HubEvent => ({
  kind: "lease-gained",
  lease: "trader",
  epoch: 1,
  traceId,
});
const OTHER: HubEvent = { kind: "watchlist-changed" };

describe("an event stream of one trace", () => {
  let stop: (() => Promise<void>) | undefined;
  afterEach(() => stop?.());
  const start = async () => {
    const world = setUp();
    const served = await open(world);
    stop = () => served.server.stop(500);
    const follow = async (query: string) => {
      const headers = { authorization: `Bearer ${TOKENS.viewer}` };
      const url = `${served.url}/api/v1/events${query}`;
      const seen = { text: "" };
      const res = await new Promise<IncomingMessage>((resolve, reject) => {
        get(url, { headers, agent: false }, resolve).on("error", reject);
      });
      res.setEncoding("utf8").on("data", (chunk: string) => (seen.text += chunk));
      res.on("error", () => {});
      return { seen, status: res.statusCode };
    };
    return { world, follow };
  };
  const seqs = (text: string): number[] =>
    [...text.matchAll(/^id: \w+\.(\d+)\nevent: /gm)].map(([, seq]) => Number(seq));

  test("sends what belongs to it as it happens, and nothing else", async () => {
    const { world, follow } = await start();
    const { seen } = await follow(`?trace=${TRACE_ID}`);
    for (const event of [OTHER, about(TRACE_ID), about("another"), OTHER, about(TRACE_ID)]) {
      world.events.publish(event);
    }
    await vi.waitUntil(() => seqs(seen.text).length === 2, { timeout: 5_000, interval: 5 });

    expect(seqs(seen.text)).toEqual([2, 5]);
    expect(seen.text).toContain(`"traceId":"${TRACE_ID}"`);
  });

  test("sends what was missed of it, and passes over the rest", async () => {
    const { world, follow } = await start();
    for (const event of [about(TRACE_ID), OTHER, OTHER, about(TRACE_ID)]) {
      world.events.publish(event);
    }
    const run = runOf(world.deps.startedAt);
    const { seen } = await follow(`?trace=${TRACE_ID}&lastEventId=${run}.1`);
    await vi.waitUntil(() => seqs(seen.text).length === 1, { timeout: 5_000, interval: 5 });

    expect(seqs(seen.text)).toEqual([4]);
    expect(seen.text).not.toContain("reset");
  });

  test("is refused for what is no trace id", async () => {
    const { follow } = await start();

    expect((await follow("?trace=s-1")).status).toBe(400);
  });
});
