import { describe, expect, test } from "vitest";
import { routesOf } from "../../src/http/app.ts";
import { expectDeclared, send } from "./kit/client.ts";
import { TOKENS } from "./kit/fakes.ts";
import { serveFilled } from "./kit/served.ts";
import { ADMIN_READS, READS, WRITES } from "./kit/v1-paths.ts";

const served = serveFilled();
const { ask } = served;

describe("who may ask", () => {
  const all = [
    ...[...READS, ...ADMIN_READS].map((path) => ["GET", path, undefined] as const),
    ...WRITES,
  ];

  test.each(all)("%s %s wants a token, and a known one", async (method, path, body) => {
    for (const headers of [
      {},
      { authorization: "Bearer unknown" },
      { authorization: `Basic ${TOKENS.operator}` },
      { authorization: "Bearer" },
    ]) {
      const answer = await send(served.url, path, { method, body, headers });
      expect(answer.status).toBe(401);
      expect(answer.headers["www-authenticate"]).toMatch(/^Bearer /);
      expectDeclared(served.app, method, path, answer);
    }
  });

  test.each(READS)("%s may be read by every role", async (path) => {
    for (const token of Object.values(TOKENS)) {
      expect((await ask("GET", path, { token })).status).toBe(200);
    }
  });

  test.each(ADMIN_READS)("%s may be read by admins alone", async (path) => {
    for (const token of [TOKENS.viewer, TOKENS.operator]) {
      expect((await ask("GET", path, { token })).status).toBe(403);
    }
    expect((await ask("GET", path, { token: TOKENS.admin })).status).toBe(200);
  });

  test.each(WRITES)("%s %s is for operators, not for viewers", async (method, path, body) => {
    expect((await ask(method, path, { body, token: TOKENS.viewer })).status).toBe(403);
    for (const token of [TOKENS.operator, TOKENS.admin]) {
      expect((await ask(method, path, { body, token })).status).toBeLessThan(300);
    }
  });

  test("no route under /api/v1 is open", () => {
    const open = routesOf(served.app).filter(
      ({ path, access }) =>
        path.startsWith("/api/v1") && !["viewer", "operator", "admin"].includes(access),
    );
    expect(open).toEqual([]);
  });

  test("an unauthorised body is not even read", async () => {
    const answer = await send(served.url, "/api/v1/watchlist", { method: "POST", raw: "{broken" });
    expect(answer.status).toBe(401);
  });
});
