import { describe, expect, test } from "vitest";
import { createdToken, tokens } from "../../src/http/schemas/tokens.ts";
import type { Ask } from "./kit/client.ts";
import { TOKEN_IDS, TOKENS } from "./kit/fakes.ts";
import { serveFilled } from "./kit/served.ts";

const { ask, world } = serveFilled();
const PATH = "/api/v1/tokens";
const asAdmin = (method: string, path: string, options: Ask = {}) =>
  ask(method, path, { token: TOKENS.admin, ...options });
const make = async (body: object) => {
  const answer = await asAdmin("POST", PATH, { body });
  expect(answer.status).toBe(201);
  return createdToken.parse(answer.json);
};

describe("tokens", () => {
  test("are made for a role and a time, and open what that role may at once", async () => {
    const made = await make({ name: "night shift", role: "viewer", expiresDays: 30 });

    expect(made).toMatchObject({ name: "night shift", role: "viewer", createdBy: "the admin" });
    expect((made.expiresAt ?? 0) - made.createdAt).toBe(30 * 86_400_000);
    expect((await ask("GET", "/api/v1/status", { token: made.token })).status).toBe(200);
    expect((await ask("POST", "/api/v1/resume", { token: made.token })).status).toBe(403);
  });

  test("are shown once: no list and no line of the audit log holds one", async () => {
    const { id, token } = await make({ name: "grafana", role: "viewer" });
    const answer = await asAdmin("GET", PATH);

    expect(tokens.parse(answer.json).tokens).toContainEqual(
      expect.objectContaining({ id, name: "grafana", expiresAt: null, revokedAt: null }),
    );
    expect(answer.text).not.toContain(token);
    expect(answer.text).not.toContain("hash");
    const { received } = world.sentinel;
    expect(JSON.stringify(received.filter(({ topic }) => topic === "record"))).not.toContain(token);
  });

  test("open nothing once they are revoked", async () => {
    const { id, token } = await make({ name: "leaver", role: "operator" });

    const answer = await asAdmin("DELETE", `${PATH}/${id}`);

    expect(answer.json).toMatchObject({ id, revokedBy: "the admin" });
    expect((await ask("GET", "/api/v1/status", { token })).status).toBe(401);
    expect((await asAdmin("DELETE", `${PATH}/${id}`)).status).toBe(200);
    expect((await asAdmin("DELETE", `${PATH}/000000000000`)).status).toBe(404);
  });

  test("are made and revoked with a line in the audit log before", async () => {
    const { id } = await make({ name: "audited", role: "viewer" });
    await asAdmin("DELETE", `${PATH}/${id}`);

    const lines = world.sentinel.received.map(({ topic, message }) => ({ topic, message }));
    const made = lines.findIndex(({ message }) => JSON.stringify(message).includes("audited"));
    expect(lines.slice(made, made + 2).map(({ topic }) => topic)).toEqual([
      "record",
      "createToken",
    ]);
    const who = "the admin";
    expect(lines).toContainEqual({
      topic: "record",
      message: { who, what: "token.revoke", detail: { id } },
    });
  });

  test("have a name of their own", async () => {
    await make({ name: "twin", role: "viewer" });

    const again = await asAdmin("POST", PATH, { body: { name: "twin", role: "admin" } });

    expect([again.status, again.json]).toMatchObject([
      409,
      { detail: "There is a token named twin; revoke it first." },
    ]);
  });

  test.each([
    [{ name: "", role: "viewer" }, "/name"],
    [{ name: "a\nb", role: "viewer" }, "/name"],
    [{ name: "x".repeat(65), role: "viewer" }, "/name"],
    [{ name: "ok", role: "root" }, "/role"],
    [{ name: "ok", role: "viewer", expiresDays: 0 }, "/expiresDays"],
    [{ name: "ok", role: "viewer", expiresDays: 1.5 }, "/expiresDays"],
    [{ name: "ok", role: "viewer", hash: "00" }, "/hash"],
  ])("are not made of %j", async (body, pointer) => {
    const answer = await asAdmin("POST", PATH, { body });

    expect([answer.status, answer.json]).toMatchObject([400, { errors: [{ pointer }] }]);
  });

  test("are neither made nor revoked while the database is away, and those there are still open", async () => {
    world.shelves.mood = "offline";
    try {
      const body = { name: "never", role: "viewer" };
      expect((await asAdmin("POST", PATH, { body })).status).toBe(503);
      expect((await asAdmin("DELETE", `${PATH}/${TOKEN_IDS.viewer}`)).status).toBe(503);
      expect((await ask("GET", "/api/v1/status", { token: TOKENS.viewer })).status).toBe(200);
    } finally {
      world.shelves.mood = "ok";
    }
  });
});
