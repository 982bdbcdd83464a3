import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type RequestHandler } from "express";
import { afterEach, describe, expect, test } from "vitest";
import { fuzz } from "./kit.ts";
import type { Target } from "./requests.ts";

const TARGET: Target = {
  method: "GET",
  pattern: "/thing",
  operation: { responses: { 200: { content: { "application/json": {} } } } },
};

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
});

async function drive(handler: RequestHandler, limitMs?: number): Promise<void> {
  const app = express();
  app.use(handler);
  const started = await new Promise<Server>((resolve) => {
    const opened: Server = app.listen(0, "127.0.0.1", () => resolve(opened));
  });
  server = started;
  const { port } = started.address() as AddressInfo;
  await fuzz(`http://127.0.0.1:${port}`, TARGET, {
    secrets: ["hush"],
    ...(limitMs === undefined ? {} : { limitMs }),
  });
}

describe("the driver of hostile requests", () => {
  test("has nothing against a hub that keeps its word", async () => {
    await expect(drive((_req, res) => void res.json({ fine: true }))).resolves.toBeUndefined();
  });

  test.each<[string, RequestHandler, RegExp]>([
    ["fails", (_req, res) => void res.status(500).json({}), /answers 500/],
    [
      "shows a stack",
      (_req, res) => void res.json({ detail: new Error("oops").stack }),
      /shows where in the code/,
    ],
    ["shows a secret", (_req, res) => void res.json({ seen: "hush" }), /shows a secret/],
    [
      "answers with a status of its own",
      (_req, res) => void res.status(418).json({}),
      /answers 418, which is not described/,
    ],
    [
      "answers with a page",
      (_req, res) => void res.type("html").send("<p>"),
      /as text\/html, which is not described/,
    ],
    [
      "cuts its JSON off",
      (_req, res) => void res.type("json").send('{"a":'),
      /calls JSON what is none/,
    ],
    ["hangs up", (req) => void req.socket.destroy(), /without an answer/],
  ])("finds a hub out that %s", async (_what, handler, found) => {
    await expect(drive(handler)).rejects.toThrow(found);
  });

  test("finds a hub out that never answers", async () => {
    await expect(drive(() => {}, 50)).rejects.toThrow(/gives no answer/);
  });
});
