import { createHmac } from "node:crypto";
import { get } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { machineClock } from "../../src/runtime/clock.ts";
import { ManualClock } from "../kit/manual-clock.ts";
import { send } from "./kit/client.ts";
import { TOKENS } from "./kit/fakes.ts";
import { type Issuer, startIssuer } from "./kit/issuer.ts";
import { SERIES } from "./kit/v1-paths.ts";
import { open, SETTINGS, setUp, type World } from "./kit/world.ts";

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

let issuer: Issuer;
let world: World;
let url: string;
const clock = new ManualClock(machineClock.nowMs());
let stop: () => Promise<void>;
beforeEach(async () => {
  issuer = await startIssuer(clock.nowMs());
  const settings = { ...SETTINGS, jwtIssuer: issuer.url };
  world = setUp({ settings, machineClock: clock });
  const served = await open(world);
  url = served.url;
  stop = async () => {
    await issuer.close();
    await served.server.stop(500);
  };
});
afterEach(() => stop());

const statusOf = async (token: string, path = "/api/v1/watchlist"): Promise<number> =>
  (await send(url, path, { token })).status;

describe("a user whom the issuer has signed in", () => {
  test("may what the role says that the project's administrator gave", async () => {
    const statuses: number[][] = [];
    for (const role of ["viewer", "operator", "admin"]) {
      const token = await issuer.sign({ role });
      const post = await send(url, "/api/v1/halt", { method: "POST", body: {}, token });
      statuses.push([await statusOf(token), post.status, await statusOf(token, "/api/v1/audit")]);
    }
    expect(statuses).toEqual([
      [200, 403, 403],
      [200, 200, 403],
      [200, 200, 200],
    ]);
  });

  test("stands in the audit log by the issuer's name, and cannot pass for a token's", async () => {
    const token = await issuer.sign({ role: "operator", sub: "operator" });
    await send(url, "/api/v1/watchlist", { method: "POST", body: SERIES, token });

    const noted = world.sentinel.received.find(({ topic }) => topic === "record");
    expect(noted?.message).toMatchObject({ who: "user operator" });
  });

  test.each([
    ["no role", {}],
    ["a role that the user wrote himself", { userRole: "admin" }],
    ["a role that the hub does not know", { role: "root" }],
  ])("is known, and not let in, with %s", async (_what, claims) => {
    expect(await statusOf(await issuer.sign(claims))).toBe(403);
  });

  test.each([
    ["of another issuer", { issuer: "https://evil.example/auth/v1" }],
    ["for another audience", { audience: "anon" }],
    ["that has expired", { expiresAt: Math.floor(clock.nowMs() / 1_000) - 1 }],
    ["with a key that the issuer does not have", { kid: "k2" }],
    ["that somebody else signed", { forged: true }],
  ])("is nobody with a token %s", async (_what, claims) => {
    expect(await statusOf(await issuer.sign({ role: "admin", ...claims }))).toBe(401);
  });

  test("is nobody with a token that is signed with a shared secret, or not at all", async () => {
    const payload = part({
      sub: "a",
      iss: issuer.url,
      aud: "authenticated",
      exp: 4_000_000_000,
      app_metadata: { hub_role: "admin" },
    });
    const shared = `${part({ alg: "HS256", kid: "k1" })}.${payload}`;
    const mac = createHmac("sha256", "secret").update(shared).digest("base64url");

    expect(await statusOf(`${shared}.${mac}`)).toBe(401);
    expect(await statusOf(`${part({ alg: "none" })}.${payload}.`)).toBe(401);
  });

  test("is let in until the token expires", async () => {
    const token = await issuer.sign({
      role: "viewer",
      expiresAt: Math.floor(clock.nowMs() / 1_000) + 60,
    });
    const before = await statusOf(token);
    await clock.advance(61_000);

    expect([before, await statusOf(token)]).toEqual([200, 401]);
  });

  test("hears facts until the token expires", async () => {
    const expiresAt = Math.floor(clock.nowMs() / 1_000) + 10;
    const authorization = `Bearer ${await issuer.sign({ role: "viewer", expiresAt })}`;
    const text = await new Promise<string>((resolve) => {
      get(`${url}/api/v1/events`, { headers: { authorization }, agent: false }, (res) => {
        let heard = "";
        res.setEncoding("utf8");
        res.on("data", (chunk: string) => (heard += chunk));
        res.on("end", () => resolve(heard));
        void clock.advance(11_000);
      });
    });
    expect(text).toContain("event: shutdown");
  });
});

describe("an issuer whose keys cannot be had", () => {
  test("makes users wait, and nobody with a token of the hub", async () => {
    issuer.away = true;
    const token = await issuer.sign({ role: "admin" });
    const answer = await send(url, "/api/v1/watchlist", { token });

    expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "5"]);
    expect(await statusOf(TOKENS.admin)).toBe(200);
  });

  test("is not needed as long as its keys are known", async () => {
    const token = await issuer.sign({ role: "viewer" });
    const before = await statusOf(token);
    issuer.away = true;

    expect([before, await statusOf(token)]).toEqual([200, 200]);
  });

  test("is not asked again and again for keys that it does not have", async () => {
    await statusOf(await issuer.sign({ role: "viewer" }));
    for (let n = 0; n < 20; n++) await statusOf(await issuer.sign({ kid: `made-up-${n}` }));

    expect(issuer.asked()).toBeLessThanOrEqual(2);
  });
});

describe("an issuer that goes away", () => {
  test("is not asked for every made-up key: such a token is nobody's", async () => {
    await statusOf(await issuer.sign({ role: "viewer" }));
    issuer.away = true;
    const statuses = new Set<number>();
    for (let n = 0; n < 20; n++)
      statuses.add(await statusOf(await issuer.sign({ kid: `no-${n}` })));

    expect([...statuses]).toEqual([401]);
    expect(issuer.asked()).toBeLessThanOrEqual(2);
  });
});

describe("a hub without an issuer", () => {
  test("knows no user", async () => {
    const own = await open(setUp());
    try {
      const token = await issuer.sign({ role: "admin" });
      expect((await send(own.url, "/api/v1/watchlist", { token })).status).toBe(401);
    } finally {
      await own.server.stop(500);
    }
  });
});
