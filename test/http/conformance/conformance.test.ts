import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fill, open, setUp, type World } from "../kit/world.ts";
import { broken } from "./check.ts";
import { startWrongEngine, type Wrongness } from "./wrong-engine.ts";

/** Each state in which the page asks, and how a hub comes into it. */
const STATES: Readonly<Record<string, (world: World) => Promise<void> | void>> = {
  "trades and positions": () => undefined,
  "no data at all": ({ shelves }) => {
    shelves.account = null;
  },
  "its store away": async ({ shelves, view }) => {
    await view.refresh();
    shelves.mood = "offline";
  },
  "its vault away": ({ hub }) => {
    hub.vaultStatus = "offline";
  },
  "no actor that answers": ({ commander, gatekeeper, sentinel, hub }) => {
    for (const ref of [commander, gatekeeper, sentinel]) ref.isSilent = true;
    hub.tree = () => {
      throw new Error("no tree");
    };
  },
};

describe.each(Object.entries(STATES))("a hub with %s", (state, prepare) => {
  test("gives the page everything it needs", async () => {
    const world = setUp();
    if (state !== "no data at all") fill(world.shelves);
    await prepare(world);
    await world.view.refresh();
    const served = await open(world);
    try {
      expect(await broken(served.url)).toEqual([]);
    } finally {
      await served.server.stop(500);
    }
  });
});

type Lines = readonly Record<string, unknown>[];
const first = (body: Record<string, unknown>, list: string): Record<string, unknown> => ({
  ...(body[list] as Lines)[0],
});

/** Ways to be wrong that look right at a glance, and the rule that each breaks. */
const WRONG: readonly (readonly [rule: string, Wrongness])[] = [
  ["C-01 /api/markets: error", { path: /markets/, change: (b) => ({ ...b, fallback: true }) }],
  ["C-01 /api/account", { path: /account/, change: () => [] }],
  ["C-07 /api/snapshot", { path: /snapshot/, change: (b) => ({ ...b, high: String(b["high"]) }) }],
  ["C-10 vvault_status", { path: /health/, change: (b) => ({ ...b, vvault_status: "down" }) }],
  ["C-20", { path: /status/, change: (b) => ({ ...b, status: "offline" }) }],
  ["C-23", { path: /status/, change: (b) => ({ ...b, active_broker_id: "nobody" }) }],
  ["C-25 open_positions", { path: /status/, change: (b) => ({ ...b, open_positions: [] }) }],
  ["C-27", { path: /status/, change: (b) => ({ ...b, live_mode: true, environment: "demo" }) }],
  ["C-28", { path: /account/, change: (b) => ({ ...b, open_pnl: 12_345.67 }) }],
  ["C-32 change", { path: /snapshot/, change: (b) => ({ ...b, changePercent: 77 }) }],
  ["C-33", { path: /snapshot/, change: (b) => ({ ...b, current_timeframe: "1H" }) }],
  [
    "C-42",
    {
      path: /trades/,
      change: (b) => ({ ...b, trades: (b["trades"] as Lines).map((t) => ({ ...t, pnl: null })) }),
    },
  ],
  [
    "C-43",
    { path: /trades/, change: (b) => ({ ...b, trades: (b["trades"] as Lines).toReversed() }) },
  ],
  ["C-44 limit", { path: /limit=1$/, change: (b) => ({ ...b, trades: [{}, {}] }) }],
  ["C-50", { path: /performance/, change: (b) => ({ ...b, winRate: 66 }) }],
  ["C-51 maxDrawdown", { path: /performance/, change: (b) => ({ ...b, maxDrawdown: -0.2 }) }],
  ["C-52", { path: /performance/, change: (b) => ({ ...b, periodStart: b["periodEnd"] }) }],
  [
    "C-65",
    { path: /insights/, change: (b) => ({ insights: [{ ...first(b, "insights"), value: 0 }] }) },
  ],
  ["C-70", { path: /logs/, change: (b) => ({ logs: [{ ...first(b, "logs"), message: {} }] }) }],
  [
    "C-75",
    { path: /brokers/, change: (b) => ({ ...b, brokers: [{ id: "paper", name: "Paper" }] }) },
  ],
  [
    "C-76",
    { path: /brokers/, change: (b) => ({ ...b, brokers: (b["brokers"] as Lines).slice(1) }) },
  ],
  [
    'C-81 {"broker_id":"nope"}',
    { path: /set-active-broker/, change: () => ({ success: true, active_broker_id: "nope" }) },
  ],
  ["C-85", { path: /account/, change: (b) => ({ ...b, currency: "" }) }],
];

describe("the rules", () => {
  let served: Awaited<ReturnType<typeof open>>;

  beforeAll(async () => {
    const world = setUp();
    fill(world.shelves);
    await world.view.refresh();
    served = await open(world);
  });
  afterAll(() => served.server.stop(500));

  test.each(WRONG)("notice an engine that breaks %s", async (rule, wrongness) => {
    const wrong = await startWrongEngine(served.url, wrongness);
    try {
      expect(await broken(wrong.url)).toContain(rule);
    } finally {
      await wrong.close();
    }
  });
});
