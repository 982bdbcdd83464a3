import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { ENV_NAMES } from "../../src/config/settings.ts";
import { routesOf } from "../../src/http/app.ts";
import { ManualClock } from "../kit/manual-clock.ts";
import { type ViewWorld, viewWorld } from "../store/pg/view-world.ts";
import { NOW } from "./kit/builders.ts";
import { send } from "./kit/client.ts";
import { TOKENS } from "./kit/fakes.ts";
import { type Document, samplesOf } from "./kit/sample.ts";
import { typeOf } from "./kit/types-of.ts";
import { fill, open, setUp } from "./kit/world.ts";

const PAGE = new URL("../../docs/integration-with-chatty.md", import.meta.url);
/** An example: the request, and the answer in the block behind it. */
const EXAMPLE = /```http\n(GET|POST) (\S+)( .*)?\n```\n```json\n([^]*?)\n```/g;
const TYPES = /## Types\n\n```ts\n([^]*?)```/;
const SQL = /```sql\n([^]*?)```/g;

const machine = new ManualClock(NOW);
const line = (seq: number, level: "info" | "warn", message: string, source: string) => {
  return { seq, at: NOW - 60_000 + seq, level, message, source };
};
const LINES = [
  line(48_210, "warn", "ETH/USDT 5m on binance: no candle yet, tried again", "harvester"),
  line(48_211, "info", "bought 0.015 BTC/USDT for ema-cross", "trader"),
];
const world = setUp({
  machineClock: machine,
  startedAt: NOW - 86_422_000,
  logs: () => LINES,
});
let served: Awaited<ReturnType<typeof open>>;
beforeAll(async () => {
  fill(world.shelves);
  await world.view.refresh();
  served = await open(world);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(PAGE, await written());
});
afterAll(() => served.server.stop(500));

const page = (): string => readFileSync(PAGE, "utf8");

async function answerTo(method: string, path: string, body: string): Promise<string> {
  const answer = await send(served.url, path, {
    method,
    ...(body === "" ? {} : { raw: body, headers: { "content-type": "application/json" } }),
    headers: {
      "x-request-id": "0f9b2c1e-example",
      ...(body === "" ? {} : { "content-type": "application/json" }),
    },
  });
  return JSON.stringify(answer.json, null, 2);
}

/** The types of all answers, by the last word of their path. */
function types(): string {
  return routesOf(served.app)
    .filter(({ access }) => access === "chatty")
    .map(({ path, answers }) => {
      const name = path
        .replace("/api/", "")
        .replaceAll(/(?:^|[/-])(\w)/g, (_, letter: string) => letter.toUpperCase());
      const schema = z.toJSONSchema(answers[200] as z.ZodType, { unrepresentable: "any" });
      return `/** Answer of ${path} */\nexport interface ${name} ${typeOf(schema as object)}\n`;
    })
    .join("\n");
}

/** The page with its examples and types as they are now. */
async function written(): Promise<string> {
  let text = page();
  for (const [whole, method = "", path = "", body = "", before = ""] of text.matchAll(EXAMPLE)) {
    const answer = await answerTo(method, path, body.trim());
    text = text.replace(whole, () => whole.slice(0, -before.length - 4) + `${answer}\n\`\`\``);
  }
  return text.replace(TYPES, () => `## Types\n\n\`\`\`ts\n${types()}\`\`\``);
}

describe("the page on the integration with Chatty", () => {
  test("has an example of each of the eleven paths", () => {
    const shown = [...page().matchAll(EXAMPLE)].map(([, method, path]) => {
      return `${method} ${path?.split("?")[0]}`;
    });
    const paths = routesOf(served.app)
      .filter(({ access }) => access === "chatty")
      .map(({ method, path }) => `${method.toUpperCase()} ${path}`);

    expect(new Set(shown)).toEqual(new Set(paths));
    expect(paths).toHaveLength(11);
  });

  test("shows the answers that the hub gives", async () => {
    for (const [, method = "", path = "", body = "", shown] of page().matchAll(EXAMPLE)) {
      expect([path, await answerTo(method, path, body.trim())]).toEqual([path, shown]);
    }
  });

  test("shows the types of the schemas that check those answers", () => {
    expect(TYPES.exec(page())?.[1]).toBe(types());
  });

  test("names environment variables that exist", () => {
    const section = /## Environment variables\n([^]*?)\n## /.exec(page())?.[1] ?? "";
    const named = [...section.matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, name]) => name ?? "");

    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((name) => !Object.values(ENV_NAMES).includes(name))).toEqual([]);
  });
});

describe("SQL for whoever reads the database", () => {
  let database: ViewWorld;
  beforeAll(async () => {
    database = await viewWorld();
  });
  afterAll(() => database.close());

  test.each(["integration-with-chatty.md", "database.md"])(
    "of %s is carried out for the role that may only read",
    async (name) => {
      const text = readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
      const statements = [...text.matchAll(SQL)].flatMap(([, block = ""]) => block.split(";\n"));
      const queries = statements.filter((one) => /\bselect\b/.test(one));

      expect(queries.length).toBeGreaterThan(2);
      for (const query of queries) {
        const rows = await database.as("hub_reader", query.trim().replace(/;$/, ""));
        expect([query, Array.isArray(rows) ? "rows" : rows]).toEqual([query, "rows"]);
      }
    },
  );
});

describe("the hub as people see it", () => {
  test("has no page: whatever a browser asks for, it gets no HTML", async () => {
    const document = (await send(served.url, "/openapi.json")).json as Document;
    const paths = samplesOf(document).filter(
      ({ method, pattern }) => method === "GET" && pattern !== "/api/v1/events",
    );
    for (const path of ["/", "/index.html", "/app", "/favicon.ico", ...paths.map((p) => p.path)]) {
      const { headers, text } = await send(served.url, path, {
        token: TOKENS.admin,
        headers: { accept: "text/html" },
      });
      expect([path, /html/i.test(String(headers["content-type"]))]).toEqual([path, false]);
      expect(text).not.toMatch(/<(!doctype|html|script)/i);
    }
    expect(paths.length).toBeGreaterThan(25);
  });
});
