import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dataFolder, HubProcess, until } from "./kit/hub-process.ts";

const TOKEN = "T0KEN-of-the-webhook-9f3a";
const PATIENCE_MS = 60_000;

interface Delivered {
  readonly key: string;
  readonly notifications: readonly { readonly kind: string; readonly body: string }[];
}

const folder = dataFolder();
const delivered: Delivered[] = [];
const keys = new Set<string>();
let refusals = 0;
let isWilling = false;
const webhook = createServer((request, response) => {
  let text = "";
  keys.add(String(request.headers["idempotency-key"]));
  request.on("data", (chunk: Buffer) => (text += chunk.toString()));
  request.on("end", () => {
    if (!isWilling) {
      refusals += 1;
      response.writeHead(503, { "retry-after": "1" }).end();
      return;
    }
    const { notifications } = JSON.parse(text) as Delivered;
    delivered.push({ key: String(request.headers["idempotency-key"]), notifications });
    response.end();
  });
});
let settings: Record<string, string>;

beforeAll(async () => {
  await new Promise<void>((ready) => webhook.listen(0, "127.0.0.1", ready));
  const { port } = webhook.address() as AddressInfo;
  settings = {
    HUB_NOTIFICATIONS: JSON.stringify([{ name: "ops", type: "webhook", kinds: ["halt"] }]),
    NOTIFY_OPS: `http://127.0.0.1:${port}/${TOKEN}`,
  };
});

afterAll(() => {
  webhook.closeAllConnections();
  webhook.close();
  folder.remove();
});

test("a halt is told although the webhook was away and the hub was killed meanwhile", {
  timeout: 240_000,
}, async () => {
  const first = await HubProcess.start(folder.path, settings);
  await first.post("/api/v1/halt", { reason: "a storm" });
  await until(() => refusals > 0, PATIENCE_MS, "the webhook to be asked in vain");
  const waiting = await first.get<{ notifications: { state: string; error: string }[] }>(
    "/api/v1/notifications",
  );
  expect(waiting.notifications).toMatchObject([{ state: "waiting" }]);
  const killed = await first.stop("SIGKILL");

  isWilling = true;
  const second = await HubProcess.start(folder.path, settings);
  // A try that was under way when the hub died is taken for dead after a minute.
  const isTold = () => delivered.some(({ notifications }) => notifications[0]?.kind === "halt");
  await until(isTold, 2 * PATIENCE_MS, "the halt to be told");
  const isSent = async () => {
    const { notifications } = await second.get<typeof waiting>("/api/v1/notifications");
    return notifications[0]?.state === "sent";
  };
  await until(isSent, PATIENCE_MS, "its delivery to be written down");
  const tested = await second.post("/api/v1/notifications/test", {});
  const stopped = await second.stop();

  // The halt, however often it was tried and by whichever process, and the test.
  expect(keys.size).toBe(2);
  expect(delivered.flatMap(({ notifications }) => notifications.map(({ body }) => body))).toEqual([
    expect.stringContaining("a storm"),
    expect.stringContaining("A test of this channel"),
  ]);
  expect(tested).toEqual({ status: 200, body: { channels: [{ channel: "ops", taken: true }] } });
  expect(killed.stderr + stopped.stderr).not.toContain(TOKEN);
});
