import { describe, expect, test } from "vitest";
import { askFake as ask } from "./fake-hub.ts";

const NOON = Date.UTC(2026, 0, 5, 12);

describe("hub token", () => {
  const token = {
    id: "0123456789ab",
    name: "grafana",
    role: "viewer",
    createdBy: "operator",
    createdAt: NOON,
    expiresAt: null,
    lastUsedAt: null,
    revokedBy: null,
    revokedAt: null,
  };
  const create = ["token", "create", "--name", "grafana", "--role", "viewer"];

  test("create prints the token and nothing else", async () => {
    const on = "POST /api/v1/tokens";
    const body = { ...token, token: "hub_once" };

    const { exitCode, out, err, asked } = await ask([...create, "--expires-days", "30"], on, {
      status: 201,
      body,
    });
    const json = await ask([...create, "--json"], on, { status: 201, body });

    expect({ exitCode, out, err }).toEqual({ exitCode: 0, out: "hub_once", err: "" });
    expect(asked[0]?.body).toEqual({ name: "grafana", role: "viewer", expiresDays: 30 });
    expect(JSON.parse(json.out)).toEqual(body);
    expect(json.asked[0]?.body).toEqual({ name: "grafana", role: "viewer" });
  });

  test.each([
    ["a role that is none", [...create.slice(0, -1), "root"]],
    ["no name", ["token", "create", "--role", "viewer"]],
    ["no time at all", [...create, "--expires-days", "0"]],
    ["part of a day", [...create, "--expires-days", "1.5"]],
  ])("create calls %s a mistake in the command line", async (_what, argv) => {
    const { exitCode, err, asked } = await ask(argv, "", { body: {} });

    expect(exitCode).toBe(2);
    expect(err).toMatch(/^error: /);
    expect(asked).toEqual([]);
  });

  test("list shows who has one, until when, and since when no more", async () => {
    const gone = { ...token, id: "ba9876543210", revokedBy: "operator", revokedAt: NOON };

    const { out } = await ask(["token", "list"], "GET /api/v1/tokens", {
      body: { tokens: [{ ...token, expiresAt: NOON }, gone] },
    });

    const noon = "2026-01-05 12:00:00Z";
    expect(out.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
      ["id", "name", "role", "created", "last used", "expires", "revoked"],
      ["0123456789ab", "grafana", "viewer", noon, noon],
      ["ba9876543210", "grafana", "viewer", noon, noon],
    ]);
  });

  test("revoke names what opens nothing any more", async () => {
    const { out } = await ask(["token", "revoke", token.id], `DELETE /api/v1/tokens/${token.id}`, {
      body: { ...token, revokedBy: "operator", revokedAt: NOON },
    });

    expect(out).toBe("the token of grafana opens nothing any more");
  });
});
