import { EventEmitter, once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import express from "express";
import { afterEach, describe, expect, test, vi } from "vitest";
import { listen } from "../../src/http/server.ts";
import { Streams } from "../../src/http/sse.ts";
import type { HubEvent } from "../../src/market/events.ts";
import { machineClock } from "../../src/runtime/clock.ts";
import { send } from "./kit/client.ts";
import { FakeEvents, TOKEN_IDS, TOKENS } from "./kit/fakes.ts";
import { open, setUp } from "./kit/world.ts";

const event = (n: number): HubEvent => ({ kind: "store-changed", state: "ok", reason: `n${n}` });

/** A client that remembers what it was sent. */
class Listener {
  text = "";
  readonly res: IncomingMessage;

  private constructor(res: IncomingMessage) {
    this.res = res;
    res.setEncoding("utf8");
    res.on("data", (chunk: string) => (this.text += chunk));
    res.on("error", () => {});
  }

  static async open(
    url: string,
    lastEventId?: number,
    query = "",
    token = TOKENS.viewer,
  ): Promise<Listener> {
    const res = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        ...(lastEventId === undefined ? {} : { "last-event-id": String(lastEventId) }),
      };
      get(`${url}/api/v1/events${query}`, { headers, agent: false }, resolve).on("error", reject);
    });
    return new Listener(res);
  }

  get ids(): number[] {
    return [...this.text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  }

  async until(done: (listener: Listener) => boolean): Promise<void> {
    await vi.waitUntil(() => done(this), { timeout: 5_000, interval: 5 });
  }
}

describe("the event stream", () => {
  let stop: (() => Promise<void>) | undefined;
  afterEach(() => stop?.());
  const start = async (keep?: number) => {
    const world = setUp({}, keep);
    const served = await open(world);
    stop = () => served.server.stop(500);
    return { world, served };
  };

  test("sends each fact as it happens, with its id and kind", async () => {
    const { world, served } = await start();
    world.events.publish(event(1));
    const client = await Listener.open(served.url);
    world.events.publish(event(2), 77);
    await client.until(({ ids }) => ids.length === 1);

    expect(client.res.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
    expect(client.text).toBe(
      'retry: 1000\n\nid: 2\nevent: store-changed\ndata: {"seq":2,"at":77,"event":' +
        '{"kind":"store-changed","state":"ok","reason":"n2"}}\n\n',
    );
  });

  test("loses nothing and repeats nothing over reconnections", async () => {
    const { world, served } = await start();
    let n = 0;
    const publish = (count: number) => {
      for (let i = 0; i < count; i++) world.events.publish(event(++n));
    };
    const seen: number[] = [];
    publish(10);
    let last = 0;
    for (let round = 0; round < 4; round++) {
      const client = await Listener.open(served.url, last);
      publish(7);
      await client.until(({ ids }) => ids.length >= 3);
      client.res.destroy();
      seen.push(...client.ids);
      last = client.ids.at(-1) ?? last;
      publish(5);
    }
    const client = await Listener.open(served.url, undefined, `?lastEventId=${last}`);
    await client.until(({ ids }) => ids.at(-1) === n);
    seen.push(...client.ids);

    expect(seen).toEqual(Array.from({ length: n }, (_, i) => i + 1));
  });

  test("says so when events are gone for good, or when the hub began anew", async () => {
    const { world, served } = await start(5);
    for (let n = 1; n <= 20; n++) world.events.publish(event(n));
    const late = await Listener.open(served.url, 3);
    await late.until(({ ids }) => ids.length === 5);
    expect(late.text).toContain('event: reset\ndata: {"lastSeen":3,"resumesAfter":15}');
    expect(late.ids).toEqual([16, 17, 18, 19, 20]);

    const early = await Listener.open(served.url, 900);
    await early.until(({ ids }) => ids.length === 5);
    expect(early.text).toContain("event: reset");
  });

  test("keeps little for a client that does not read, and catches up when it does", async () => {
    const { world, served } = await start(50_000);
    const slow = await Listener.open(served.url);
    slow.res.pause();
    const reason = "x".repeat(1_000);
    for (let n = 1; n <= 5_000; n++) {
      world.events.publish({ kind: "store-changed", state: "ok", reason });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    const held = slow.ids.length;
    slow.res.resume();
    await slow.until(({ ids }) => ids.length === 5_000);

    expect(held).toBeLessThan(5_000);
    expect(slow.ids).toEqual(Array.from({ length: 5_000 }, (_, i) => i + 1));
  });

  test("answers a HEAD at once", async () => {
    const { served } = await start();
    const answer = await send(served.url, "/api/v1/events", {
      method: "HEAD",
      token: TOKENS.viewer,
    });
    expect(answer.status).toBe(200);
  });

  test("counts its clients and forgets those that leave", async () => {
    const { world, served } = await start();
    const before = world.events.listeners;
    const client = await Listener.open(served.url);
    expect(await world.metrics.text()).toContain("engine_sse_clients 1");
    client.res.destroy();
    await expect.poll(() => world.events.listeners).toBe(before);
    expect(await world.metrics.text()).toContain("engine_sse_clients 0");
  });

  test("ends with the token that it was opened with, and no other does", async () => {
    const { world, served } = await start();
    const client = await Listener.open(served.url);
    const other = await Listener.open(served.url, undefined, "", TOKENS.operator);

    await world.tokens.revoke(TOKEN_IDS.viewer, "ann");
    await client.until(({ text }) => text.includes("event: shutdown"));
    world.events.publish(event(1));
    await other.until(({ ids }) => ids.length === 1);

    expect(client.text).toBe("retry: 1000\n\nevent: shutdown\ndata: {}\n\n");
    const again = await Listener.open(served.url);
    expect(again.res.statusCode).toBe(401);
  });

  test("ends at once when its token was revoked while it was being let in", async () => {
    const { world, served } = await start();
    const identify = world.sentinel.ask.bind(world.sentinel);
    world.sentinel.ask = async (topic, message) => {
      const answer = await identify(topic, message);
      if (topic === "identify") await world.tokens.revoke(TOKEN_IDS.viewer, "ann");
      return answer;
    };

    const client = await Listener.open(served.url);
    await client.until(({ text }) => text.includes("event: shutdown"));

    expect(client.res.statusCode).toBe(200);
    await expect.poll(() => client.res.readableEnded).toBe(true);
  });

  test("counts no client that left while it was being let in", async () => {
    const events = new FakeEvents(10);
    const counts: number[] = [];
    const onCount = (count: number): number => counts.push(count);
    const { tokens } = setUp();
    const streams = new Streams({ events, machineClock, onCount, tokens });
    const app = express();
    const asked = new EventEmitter();
    app.get("/", async (_req, res) => {
      asked.emit("here");
      await once(res, "close");
      streams.open(res, undefined, undefined);
      asked.emit("opened");
    });
    const server = await listen(app, { host: "127.0.0.1", port: 0 });
    stop = () => server.stop(500);

    const isHere = once(asked, "here");
    const isOpened = once(asked, "opened");
    const impatient = get(server.url).on("error", () => {});
    await isHere;
    impatient.destroy();
    await isOpened;

    expect([counts, events.listeners]).toEqual([[], 0]);
  });

  test("ends with a farewell, and the port closes in time", async () => {
    const { served } = await start();
    const client = await Listener.open(served.url);
    let isEnded = false;
    client.res.on("end", () => (isEnded = true));
    const startedAt = performance.now();
    await served.server.stop(5_000);

    expect(performance.now() - startedAt).toBeLessThan(2_000);
    await client.until(() => isEnded);
    expect(client.text).toContain("event: shutdown\n");
    await expect(send(served.url, "/healthz")).rejects.toThrow("ECONNREFUSED");
    stop = undefined;
  });
});
