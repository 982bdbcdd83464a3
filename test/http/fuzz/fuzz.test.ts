import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { meantUrl } from "../../../src/http/spelling.ts";
import { withStore } from "../../kit/store.ts";
import { expectDeclared, send } from "../kit/client.ts";
import { fill, open, setUp } from "../kit/world.ts";
import { fuzz, targetsOf } from "./kit.ts";

const postgres = withStore();

describe.each(["in memory", "on a real database"] as const)("with its store %s", (where) => {
  const world = setUp();
  const unforeseen: unknown[] = [];
  const note = (reason: unknown): void => void unforeseen.push(reason);
  let served: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    process.on("unhandledRejection", note);
    fill(world.shelves);
    await world.view.refresh();
    const { deps } = world;
    served = await open(
      where === "in memory" ? world : { ...world, deps: { ...deps, store: postgres.store } },
    );
  });
  afterAll(async () => {
    process.off("unhandledRejection", note);
    await served.server.stop(500);
  });

  test("answers whatever it is asked, as it says, and shows nothing of its inside", async () => {
    const targets = await targetsOf(served.url);
    for (const target of targets) {
      await fuzz(served.url, target, {
        check: (request, { status, headers, text }) => {
          const path = meantUrl(request.target);
          if (status >= 300 || headers["content-type"]?.includes("event-stream") === true) return;
          expectDeclared(served.app, request.method, path, {
            status,
            headers,
            text,
            json: read(text),
          });
        },
      });
    }

    expect(targets.length).toBeGreaterThan(40);
    expect((await send(served.url, "/healthz")).status).toBe(200);
    expect(world.failures).toEqual([]);
    expect(unforeseen).toEqual([]);
  }, 300_000);
});

/** Text of the metrics is no JSON, and need not be. */
function read(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
