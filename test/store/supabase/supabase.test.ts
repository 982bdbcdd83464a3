import { createHook } from "node:async_hooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Secret } from "../../../src/runtime/secret.ts";
import { createStore } from "../../../src/store/create-store.ts";
import { openStore } from "../../../src/store/open.ts";
import type { Database, Store } from "../../../src/store/port.ts";
import { openSupabaseDatabase } from "../../../src/store/supabase/database.ts";
import { MIGRATIONS_DIR, withStore } from "../../kit/store.ts";
import { type RpcStandIn, rpcStandIn } from "../pg/rpc-stand-in.ts";
import { storeContract } from "../store.contract.ts";

const KEYS = { "service-key": "service_role", "anon-key": "anon" } as const;

const behind = withStore();
let standIn: RpcStandIn;
let database: Database;
let store: Store;

beforeAll(async () => {
  standIn = await rpcStandIn({ socketDir: behind.server.socketDir }, KEYS);
  database = openSupabaseDatabase({ url: standIn.url, key: new Secret("service-key") });
  store = createStore(database);
});

afterAll(async () => {
  await database.close();
  await standIn.close();
});

storeContract("supabase-js", {
  get store() {
    return store;
  },
});

describe("the supabase road", () => {
  test("opens on a database that is up to date, and refuses one that is not", async () => {
    const options = { dataDir: "unused", supabaseUrl: standIn.url, log: () => {} };
    const open = (key: string) =>
      openStore({ ...options, supabaseKey: new Secret(key), migrationsDir: MIGRATIONS_DIR });

    const opened = await open("service-key");

    expect(opened.road).toBe("supabase");
    await opened.stop();
    await expect(open("wrong-key")).rejects.toMatchObject({ reason: "http-401" });
    await expect(openStore({ ...options, migrationsDir: MIGRATIONS_DIR })).rejects.toThrow(
      /SUPABASE_KEY belong together/,
    );
  });

  test("is refused everything with the public key", async () => {
    const anon = openSupabaseDatabase({ url: standIn.url, key: new Secret("anon-key") });

    const call = anon.call("hub_watch_active", {});

    await expect(call).rejects.toMatchObject({ reason: "42501" });
    await anon.close();
  });

  test.each([
    ["a page instead of JSON", (r) => r.writeHead(502).end("<html>bad gateway</html>")],
    ["a page that says all is well", (r) => r.writeHead(200).end("<html>hello</html>")],
    ["a connection cut in the middle", (r) => r.destroy()],
    ["silence", () => {}],
    ["a body that never ends", (r) => void r.writeHead(200).write("[")],
  ] satisfies [string, NonNullable<RpcStandIn["fault"]>][])(
    "is offline after %s, and back with the next answer",
    async (_name, fault) => {
      standIn.fault = fault;
      const asked = standIn.asked.length;

      const thrown = await database
        .call("hub_watch_active", {}, { timeoutMs: 200 })
        .catch((error: unknown) => error);

      standIn.fault = undefined;
      expect(thrown).toMatchObject({ fault: "offline", retry: "later" });
      expect(String(thrown)).not.toMatch(/service-key|html/);
      // Only the caller knows whether what may have happened can be asked for again.
      expect(standIn.asked).toHaveLength(asked + 1);
      expect(database.health().state).toBe("offline");
      await database.call("hub_watch_active", {});
      expect(database.health().state).toBe("ok");
    },
  );

  test("starts no timer for a session that it does not have, and ends that of each call", async () => {
    const live = new Set<number>();
    const hook = createHook({
      init: (id, type) => {
        const isTheirs = String(new Error("made here").stack).includes("@supabase");
        if (type === "Timeout" && isTheirs) live.add(id);
      },
      destroy: (id) => void live.delete(id),
    }).enable();

    const another = openSupabaseDatabase({ url: standIn.url, key: new Secret("service-key") });
    await new Promise(setImmediate);
    const atRest = [...live];
    const timers = () =>
      process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
    const before = timers();
    await another.call("hub_watch_active", {});

    hook.disable();
    expect(atRest).toEqual([]);
    expect(timers()).toBeLessThanOrEqual(before);
    await another.close();
  });

  test("is offline when nobody listens", async () => {
    const nobody = openSupabaseDatabase({
      url: "http://127.0.0.1:2",
      key: new Secret("service-key"),
    });

    const call = nobody.call("hub_watch_active", {}, { timeoutMs: 2_000 });

    await expect(call).rejects.toMatchObject({ fault: "offline", reason: "ECONNREFUSED" });
    await nobody.close();
  });
});
