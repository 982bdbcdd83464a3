import { EventEmitter, once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import express from "express";
import { afterEach, describe, expect, test, vi } from "vitest";
import { runOf } from "../../src/http/event-place.ts";
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
    lastEventId?: string,
    query = "",
    token = TOKENS.viewer,
  ): Promise<Listener> {
    const res = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }),
      };
      get(`${url}/api/v1/events${query}`, { headers, agent: false }, resolve).on("error", reject);
    });
    return new Listener(res);
  }

  get ids(): number[] {
    const facts = this.text.matchAll(/^id: \w+\.(\d+)\nevent: (?!reset)/gm);
    return [...facts].map(([, id]) => Number(id));
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
    const id = (seq: number): string => `${runOf(world.deps.startedAt)}.${seq}`;
    return { world, served, id };
  };

  test("sends each fact as it happens, with its id and kind", async () => {
    const { world, served, id } = await start();
    world.events.publish(event(1));
    const client = await Listener.open(served.url);
    world.events.publish(event(2), 77);
    await client.until(({ ids }) => ids.length === 1);

    expect(client.res.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
    expect(client.text).toBe(
      `retry: 1000\nid: ${id(1)}\n\nid: ${id(2)}\nevent: store-changed\n` +
        'data: {"seq":2,"at":77,"event":{"kind":"store-changed","state":"ok","reason":"n2"}}\n\n',
    );
  });

  test("loses nothing and repeats nothing over reconnections", async () => {
    const { world, served, id } = await start();
    let n = 0;
    const publish = (count: number) => {
      for (let i = 0; i < count; i++) world.events.publish(event(++n));
    };
    const seen: number[] = [];
    publish(10);
    let last = 0;
    for (let round = 0; round < 4; round++) {
      const client = await Listener.open(served.url, id(last));
      publish(7);
      await client.until(({ ids }) => ids.length >= 3);
      client.res.destroy();
      seen.push(...client.ids);
      last = client.ids.at(-1) ?? last;
      publish(5);
    }
    const client = await Listener.open(served.url, undefined, `?lastEventId=${id(last)}`);
    await client.until(({ ids }) => ids.at(-1) === n);
    seen.push(...client.ids);

    expect(seen).toEqual(Array.from({ length: n }, (_, i) => i + 1));
  });

  test("says so when events are gone for good", async () => {
    const { world, served, id } = await start(5);
    for (let n = 1; n <= 20; n++) world.events.publish(event(n));
    const late = await Listener.open(served.url, id(3));
    await late.until(({ ids }) => ids.length === 5);

    expect(late.text).toContain(
      `id: ${id(15)}\nevent: reset\ndata: {"resumesAfter":"${id(15)}"}\n\n`,
    );
    expect(late.ids).toEqual([16, 17, 18, 19, 20]);
  });

  test.each([
    ["of an earlier run, though its number is one of this run too", () => "0.15"],
    ["of this run that was never given", (id: (seq: number) => string) => id(900)],
    ["that is none", () => "15"],
  ])("says so first to whoever comes with an id %s, and then all it has", async (_what, idOf) => {
    const { world, served, id } = await start(5);
    for (let n = 1; n <= 20; n++) world.events.publish(event(n));
    const client = await Listener.open(served.url, idOf(id));
    await client.until(({ ids }) => ids.length === 5);

    expect(client.text.split("event: reset")).toHaveLength(2);
    expect(client.text.indexOf("event: reset")).toBeLessThan(client.text.indexOf("seq"));
    expect(client.ids).toEqual([16, 17, 18, 19, 20]);
  });

  test("gives a place at once to whoever leaves before the first fact", async () => {
    const { world, served, id } = await start();
    for (let n = 1; n <= 3; n++) world.events.publish(event(n));
    const client = await Listener.open(served.url);
    await client.until(({ text }) => text.includes(`id: ${id(3)}\n\n`));
    client.res.destroy();
    world.events.publish(event(4));
    const again = await Listener.open(served.url, id(3));
    await again.until(({ ids }) => ids.length === 1);

    expect(again.ids).toEqual([4]);
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

    expect(client.text).toMatch(/^retry: 1000\nid: \w+\.0\n\nevent: shutdown\ndata: \{\}\n\n$/);
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
    const streams = new Streams({ events, run: "r", machineClock, onCount, tokens });
    const app = express();
    const asked = new EventEmitter();
    app.get("/", async (_req, res) => {
      asked.emit("here");
      await once(res, "close");
      streams.open(res, undefined);
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
