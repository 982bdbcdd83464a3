import { describe, expect, test } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { listen } from "../../src/http/server.ts";
import { send } from "./kit/client.ts";
import { open, SETTINGS, setUp } from "./kit/world.ts";

describe("a port", () => {
  test("that is taken is refused in one line that says what to do", async () => {
    const { server, app } = await open(setUp());
    const again = listen(app, { host: "127.0.0.1", port: server.port });

    await expect(again).rejects.toMatchObject({
      code: "start-refused",
      message: `port ${server.port} on 127.0.0.1 is in use; set PORT to another, or 0 for any`,
    });
    await server.stop(500);
  });

  test("on an address of another machine is refused", async () => {
    const app = createApp(setUp().deps);
    await expect(listen(app, { host: "203.0.113.7", port: 0 })).rejects.toMatchObject({
      code: "start-refused",
    });
  });

  test("lets a running request finish before it closes", async () => {
    const world = setUp();
    const served = await open(world);
    let finish = (): void => {};
    const scrape = new Promise<string>((resolve) => {
      finish = () => resolve("late 1\n");
    });
    Object.assign(world.deps.scrape, { text: () => scrape });
    const running = send(served.url, "/metrics");
    await new Promise((resolve) => setTimeout(resolve, 50));
    const stopped = served.server.stop(5_000);
    finish();

    expect((await running).text).toBe("late 1\n");
    await stopped;
  });

  test("cuts off what runs past the limit", async () => {
    const world = setUp();
    const served = await open(world);
    Object.assign(world.deps.scrape, { text: () => new Promise<string>(() => {}) });
    const running = send(served.url, "/metrics").catch(() => "cut off");
    await new Promise((resolve) => setTimeout(resolve, 50));
    await served.server.stop(200);

    expect(await running).toBe("cut off");
  });
});

describe("an allow-list", () => {
  test.each(["nonsense", "10.0.0.0/33", "10.0.0.0/", "1.2.3.4/8/9"])(
    "with %s in it stops the start",
    (entry) => {
      const { deps } = setUp({ settings: { ...SETTINGS, chattyAllow: [entry] } });
      expect(() => createApp(deps)).toThrow("HUB_CHATTY_ALLOW");
    },
  );
});
