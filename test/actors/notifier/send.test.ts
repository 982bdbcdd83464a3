import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { deliveryAfter } from "../../../src/actors/notifier/backoff.ts";
import { HttpSender } from "../../../src/actors/notifier/send/http-sender.ts";
import { fitting, messageFor } from "../../../src/actors/notifier/send/message.ts";
import type { Channel, Notification } from "../../../src/market/notification.ts";
import { Secret } from "../../../src/runtime/secret.ts";
import { NOON } from "../../kit/builders.ts";
import { ManualClock } from "../../kit/manual-clock.ts";

const note = (body: string, severity: Notification["severity"] = "info"): Notification => ({
  key: `event/${body.length}`,
  kind: "halt",
  severity,
  at: NOON,
  body,
});
const channel = (type: Channel["type"]): Channel => ({
  name: "ops",
  type,
  kinds: ["halt"],
  minSeverity: "info",
  ...(type === "telegram" ? { chatId: "-100" } : {}),
});
const bodyOf = (type: Channel["type"], ...notes: Notification[]) =>
  JSON.parse(messageFor(channel(type), "https://x.example/secret", notes).body) as {
    readonly [field: string]: unknown;
  };

describe("a message", () => {
  test("goes to Telegram by its bot's token, as plain text to one chat", () => {
    const { url, body } = messageFor(channel("telegram"), "1:abc", [note("it fell", "critical")]);
    expect(url.href).toBe("https://api.telegram.org/bot1:abc/sendMessage");
    expect(JSON.parse(body)).toEqual({
      chat_id: "-100",
      text: "CRITICAL it fell (2026-01-05T12:00Z)",
    });
  });

  test("calls nobody on Discord, and is no markup on Slack", () => {
    expect(bodyOf("discord", note("@everyone"))).toMatchObject({ allowed_mentions: { parse: [] } });
    expect(bodyOf("slack", note("<!channel> & co"))["text"]).toMatch(/^&lt;!channel&gt; &amp; co /);
  });

  test("is for a webhook what happened, under a key that is the same each time", () => {
    const notes = [note("a"), note("bb", "warning")];
    const once = messageFor(channel("webhook"), "https://x.example/", notes);
    const again = messageFor(channel("webhook"), "https://x.example/", notes);
    const other = messageFor(channel("webhook"), "https://x.example/", notes.slice(1));
    const later = notes.map((one) => ({ ...one, at: one.at + 1 })); // as of another database
    const elsewhere = messageFor(channel("webhook"), "https://x.example/", later);
    expect(once.headers["idempotency-key"]).toMatch(/^[0-9a-f]{64}$/);
    expect(again.headers).toEqual(once.headers);
    expect(other.headers).not.toEqual(once.headers);
    expect(elsewhere.headers).not.toEqual(once.headers);
    expect(JSON.parse(once.body)).toMatchObject({
      notifications: [
        {
          key: "event/1",
          kind: "halt",
          severity: "info",
          at: "2026-01-05T12:00:00.000Z",
          body: "a",
        },
        { severity: "warning" },
      ],
    });
  });

  test.each([
    ["telegram", "text", 4_096],
    ["discord", "content", 2_000],
    ["slack", "text", 4_000],
  ] as const)("to %s holds as many as fit, each of them whole", (type, field, longest) => {
    const many = Array.from({ length: 90 }, (_, n) => note(`n${n} ${"x".repeat(150)}`));
    const count = fitting(channel(type), many);
    const text = String(bodyOf(type, ...many.slice(0, count))[field]);
    expect(count).toBeGreaterThan(5);
    expect(count).toBeLessThan(90);
    expect(text.length).toBeLessThanOrEqual(longest);
    expect(text.split("\n")).toHaveLength(count);
    expect(text).not.toContain("…");
  });

  test("is cut when it is too long by itself, and not within a character", () => {
    const long = note(`${"x".repeat(1_998)}${"😀".repeat(100)}`);
    expect(fitting(channel("discord"), [long, note("a")])).toBe(1);
    const text = String(bodyOf("discord", long)["content"]);
    expect(text.length).toBeLessThanOrEqual(2_000);
    expect(text).toMatch(/x…$/);
  });

  test("is of one fact on a webhook, so that its key does not hang on what went along", () => {
    expect(fitting(channel("webhook"), [note("a"), note("b")])).toBe(1);
    expect(fitting(channel("slack"), [])).toBe(0);
  });

  test.each(["no address", "http://x.example/", "ftp://x.example", ""])(
    "does not travel to %j",
    (address) => {
      expect(() => messageFor(channel("webhook"), address, [note("a")])).toThrow(TypeError);
    },
  );
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

describe("a sender", () => {
  const closes: (() => void)[] = [];
  afterEach(() => closes.splice(0).forEach((close) => close()));

  /** Posts to a double on loopback; the clock stands still unless a test moves it. */
  async function post(answer: Answer, clock = new ManualClock()) {
    const server = createServer(answer);
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    closes.push(
      () => server.closeAllConnections(),
      () => server.close(),
    );
    const { port } = server.address() as AddressInfo;
    const address = new Secret(`http://127.0.0.1:${port}/token-abcdef`);
    return new HttpSender(clock).send(channel("webhook"), address, [note("a")]);
  }
  const status =
    (code: number, headers: Readonly<Record<string, string>> = {}): Answer =>
    (_request, response) =>
      response.writeHead(code, headers).end("garbage <html>");

  test("is done when it was taken, whatever is said to it", async () => {
    expect(await post(status(204))).toEqual({ kind: "taken" });
    expect(await post(status(200))).toEqual({ kind: "taken" });
  });

  test("comes later, when it was told to", async () => {
    const busy = status(429, { "retry-after": "7" });
    expect(await post(busy)).toEqual({ kind: "later", reason: "it answered 429", afterMs: 7_000 });
    expect(await post(status(503))).toEqual({ kind: "later", reason: "it answered 503" });
    expect(await post(status(404))).toEqual({ kind: "later", reason: "it answered 404" });
  });

  test("hears from Telegram's body for how long, and from no endless one", async () => {
    const wait = JSON.stringify({ ok: false, parameters: { retry_after: 35 } });
    const told: Answer = (_request, response) => {
      response.writeHead(429, { "content-length": wait.length }).end(wait);
    };
    expect(await post(told)).toMatchObject({ kind: "later", afterMs: 35_000 });
    const endless: Answer = (_request, response) => {
      response.writeHead(429).write("x".repeat(100_000));
    };
    expect(await post(endless)).toEqual({ kind: "later", reason: "it answered 429" });
  });

  test("gives up what is malformed", async () => {
    expect(await post(status(400))).toEqual({ kind: "refused", reason: "it answered 400" });
  });

  test("follows no redirect: its address is a secret", async () => {
    const seen: string[] = [];
    const outcome = await post((request, response) => {
      seen.push(request.url ?? "");
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    expect(outcome).toEqual({ kind: "later", reason: "it answered 307" });
    expect(seen).toEqual(["/token-abcdef"]);
  });

  test("waits no longer than its limit, and says no word of the address", async () => {
    const clock = new ManualClock();
    const outcome = await post(() => void clock.advance(10_000), clock);
    expect(outcome).toEqual({ kind: "later", reason: "no answer within 10000 ms" });
    const cut = await post((request) => request.socket.destroy());
    expect(cut).toEqual({ kind: "later", reason: "not reached" });
    const sender = new HttpSender(clock);
    const wrong = await sender.send(channel("slack"), new Secret("hooks-abcdef"), [note("a")]);
    expect(wrong).toMatchObject({ kind: "later" });
    expect(JSON.stringify([outcome, cut, wrong])).not.toContain("abcdef");
  });
});

describe("the next try", () => {
  const waits = (attempts: number, random: number, afterMs?: number) => {
    const outcome = { kind: "later", reason: "r", ...(afterMs === undefined ? {} : { afterMs }) };
    const delivery = deliveryAfter(outcome as never, attempts, random);
    return "waitMs" in delivery ? delivery.waitMs : Number.NaN;
  };

  test("doubles its wait up to an hour, a quarter of it by chance", () => {
    expect([1, 2, 3].map((attempts) => waits(attempts, 0.5))).toEqual([15_000, 30_000, 60_000]);
    expect(waits(1, 0)).toBe(11_250);
    expect(waits(500, 0.5)).toBe(3_600_000);
  });

  test("comes no earlier than was asked for, and not never", () => {
    expect(waits(1, 0.5, 90_000)).toBe(90_000);
    expect(waits(1, 0.5, 999_999_999)).toBe(3_600_000);
  });
});
