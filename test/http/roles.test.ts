import { request } from "node:http";
import { beforeAll, describe, expect, test } from "vitest";
import { ROLES, type Role } from "../../src/market/token.ts";
import { send } from "./kit/client.ts";
import { TOKENS, tokenRow } from "./kit/fakes.ts";
import { type Document, type Sample, SPARE_TOKEN, samplesOf } from "./kit/sample.ts";
import { serveFilled } from "./kit/served.ts";

const served = serveFilled();
let document: Document;
let samples: readonly Sample[];
beforeAll(async () => {
  const { rows } = served.world.shelves.tokens;
  const hash = "dd".repeat(32);
  rows.set(SPARE_TOKEN, { ...tokenRow("viewer"), id: SPARE_TOKEN, name: "spare", hash });
  document = (await send(served.url, "/openapi.json")).json as Document;
  samples = samplesOf(document);
});

/** What shows or changes how the hub is defended. A new path that an operator may not use belongs here. */
const ADMIN_ONLY = [
  "GET /api/v1/audit",
  "GET /api/v1/audit/secrets",
  "GET /api/v1/tokens",
  "POST /api/v1/tokens",
  "DELETE /api/v1/tokens/{id}",
];
/** What needs no token: Chatty's paths, and what machines read from here. */
const OPEN = /^\/$|^\/api\/(?!v1\/)|^\/(healthz|readyz|metrics|openapi\.json)$/;
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const nameOf = ({ method, pattern }: Sample): string => `${method} ${pattern}`;

/** The status of an answer as soon as it begins: a stream of events has no end. */
function statusOf({ method, path, body }: Sample, token: string | undefined): Promise<number> {
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  const { hostname, port } = new URL(served.url);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, path, method, headers, agent: false }, (res) => {
      resolve(res.statusCode ?? 0);
      res.destroy();
    });
    outgoing.on("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** What an answer says of whoever asked. */
function wordOf(status: number): string {
  if (status === 401) return "unidentified";
  if (status === 403) return "not allowed";
  return status < 300 ? "let in" : `answered ${status}`;
}

/** What every operation says to somebody, by its name. */
async function walk(token: string | undefined): Promise<Readonly<Record<string, string>>> {
  const words: [string, string][] = [];
  for (const sample of samples) {
    words.push([nameOf(sample), wordOf(await statusOf(sample, token))]);
  }
  return Object.fromEntries(words);
}

/** The same, as it should be. */
function expected(word: (least: Role | undefined) => string): Readonly<Record<string, string>> {
  return Object.fromEntries(samples.map((sample) => [nameOf(sample), word(leastRole(sample))]));
}

const leastRole = (sample: Sample): Role | undefined => {
  if (OPEN.test(sample.pattern)) return undefined;
  if (ADMIN_ONLY.includes(nameOf(sample))) return "admin";
  return sample.method === "GET" ? "viewer" : "operator";
};

describe("every route of the description", () => {
  test("is for the role that its method and path call for", () => {
    const guarded = samples.filter(({ pattern }) => !OPEN.test(pattern));

    expect(guarded.map((sample) => [nameOf(sample), sample.role])).toEqual(
      guarded.map((sample) => [nameOf(sample), leastRole(sample)]),
    );
    const named = samples.map(nameOf);
    expect(ADMIN_ONLY.filter((name) => !named.includes(name))).toEqual([]);
    expect(guarded.length).toBeGreaterThan(20);
  });

  test.each([undefined, "unknown"])("lets nobody in with %s for a token", async (token) => {
    expect(await walk(token)).toEqual(
      expected((least) => (least === undefined ? "let in" : "unidentified")),
    );
  });

  test.each(ROLES)(
    "lets a token of role %s do what that role may, and nothing else",
    async (role) => {
      const may = (least: Role = "viewer"): boolean => ROLES.indexOf(role) >= ROLES.indexOf(least);

      expect(await walk(TOKENS[role])).toEqual(
        expected((least) => (may(least) ? "let in" : "not allowed")),
      );
    },
  );

  test("changes nothing for those whom it does not let in", async () => {
    const { commander, gatekeeper, sentinel } = served.world;
    const told = (): number => commander.received.length + gatekeeper.received.length;
    const before = told();
    const noted = sentinel.received.length;
    const writes = samples.filter((one) => one.method !== "GET" && !OPEN.test(one.pattern));

    for (const sample of writes) {
      expect(await statusOf(sample, undefined)).toBe(401);
      expect(await statusOf(sample, TOKENS.viewer)).toBe(403);
    }

    expect(writes.length).toBeGreaterThan(5);
    expect(told()).toBe(before);
    const topics = new Set(sentinel.received.slice(noted).map(({ topic }) => topic));
    expect([...topics]).toEqual(["identify"]);
  });

  test("takes the methods that are described, and answers 405 to all others", async () => {
    for (const [pattern, operations] of Object.entries(document.paths)) {
      const described = Object.keys(operations).map((method) => method.toUpperCase());
      const sample = samples.find((one) => one.pattern === pattern);
      for (const method of METHODS.filter((one) => !described.includes(one))) {
        const { path = "" } = sample ?? {};
        const answer = await send(served.url, path, { method, token: TOKENS.admin });
        expect([method, pattern, answer.status]).toEqual([method, pattern, 405]);
        expect(String(answer.headers["allow"]).split(", ").toSorted()).toEqual(
          described.toSorted(),
        );
      }
    }
  });
});
