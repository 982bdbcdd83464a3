import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { send } from "./kit/client.ts";
import { open, setUp, type World } from "./kit/world.ts";

describe("Chatty and the vault", () => {
  let served: Awaited<ReturnType<typeof open>>;
  let world: World;
  const get = async (path: string) =>
    (await send(served.url, path)).json as { readonly [key: string]: unknown };

  beforeAll(async () => {
    world = setUp();
    served = await open(world);
  });
  afterAll(() => served.server.stop(500));

  test.each(["ok", "offline", "not_configured"] as const)(
    "is told %s in health and status alike",
    async (status) => {
      world.hub.vaultStatus = status;

      expect((await get("/api/health"))["vvault_status"]).toBe(status);
      expect((await get("/api/status"))["vvault_status"]).toBe(status);
      const { insights } = (await get("/api/insights")) as { insights: readonly { id: string }[] };
      expect(insights.some(({ id }) => id === "vault")).toBe(status === "offline");
    },
  );

  test("sees which accounts are set up, none of them connected, and cannot choose one that is not armed", async () => {
    world.hub.standings = [
      { secret: "broker:oanda", state: "set-up", origin: "vault", environment: "live" },
      { secret: "broker:binance", state: "unknown" },
    ];

    const { brokers } = await get("/api/brokers");
    const status = await get("/api/status");
    const chosen = await send(served.url, "/api/set-active-broker", {
      method: "POST",
      body: { broker_id: "oanda" },
    });

    expect(brokers).toMatchObject([
      { id: "paper", configured: true },
      { id: "binance", configured: false, connected: false, environment: "demo" },
      { id: "oanda", configured: true, connected: false, environment: "live" },
    ]);
    expect(status).toMatchObject({ oanda_configured: true, active_broker_id: "paper" });
    expect(chosen.status).toBe(409);
    expect(chosen.json).toMatchObject({ message: expect.stringMatching(/not armed/) as string });
    expect((await get("/api/status"))["active_broker_id"]).toBe("paper");
  });
});
