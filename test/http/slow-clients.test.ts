import { connect } from "node:net";
import express from "express";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HttpServer, listen } from "../../src/http/server.ts";

const PATIENCE = { headersMs: 200, requestMs: 400, idleMs: 200, everyMs: 50 };
let server: HttpServer;

beforeAll(async () => {
  const app = express();
  app.post("/", express.json(), (_req, res) => void res.send("taken"));
  server = await listen(app, { host: "127.0.0.1", port: 0, patience: PATIENCE });
});
afterAll(() => server.stop(500));

/** Sends what it is given and then nothing more; what it is told until the other side hangs up. */
function dribble(...parts: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let told = "";
    const socket = connect(server.port, "127.0.0.1", () =>
      parts.forEach((part) => socket.write(part)),
    );
    socket.on("data", (chunk: Buffer) => (told += chunk.toString()));
    socket.on("error", reject);
    socket.on("close", () => resolve(told));
  });
}

const HEAD = "POST / HTTP/1.1\r\nhost: x\r\n";

describe("a client that takes too long is hung up on", () => {
  test("in the middle of its headers", async () => {
    expect(await dribble(HEAD)).toMatch(/^HTTP\/1\.1 408 /);
  });

  test("in the middle of its body", async () => {
    const half = "content-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    expect(await dribble(HEAD, half)).toMatch(/^HTTP\/1\.1 408 /);
  });

  test("after its request, when it asks for nothing more", async () => {
    const whole = "content-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
    expect(await dribble(HEAD, whole)).toMatch(/^HTTP\/1\.1 200 [^]*taken$/);
  });

  test("before its first word is heard, when that is endless", async () => {
    expect(await dribble(`GET /${"x".repeat(70_000)} HTTP/1.1\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  });
});
