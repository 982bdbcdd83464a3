import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ENV_NAMES, SECRET_SETTINGS, settingsSchema } from "../../src/config/settings.ts";

const page = readFileSync("docs/settings.md", "utf8");
const defaults = settingsSchema.parse({});
type Key = keyof typeof ENV_NAMES;

/** The rows of the first table: key, environment, default, meaning. */
const rows =
  page
    .split("\n## ")[0]
    ?.split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim())) ?? [];

/** Lists of objects are spelled out below the table. */
function shown(key: Key): string {
  const value = defaults[key];
  if (["portfolios", "strategies", "automaticHalts", "retention"].includes(key)) return "see below";
  if (value === undefined) return "none";
  return `\`${typeof value === "object" ? JSON.stringify(value) : String(value)}\``;
}

describe("the page of settings", () => {
  test("has a row for every setting, in their order, and for nothing else", () => {
    expect(rows.map(([, key]) => key)).toEqual(Object.keys(ENV_NAMES).map((key) => `\`${key}\``));
  });

  test.each(Object.keys(ENV_NAMES) as Key[])("tells the env name and default of %s", (key) => {
    const row = rows.find(([, name]) => name === `\`${key}\``) ?? [];

    expect(row[2]).toBe(`\`${ENV_NAMES[key]}\``);
    expect(row[3]).toBe(shown(key));
    expect(row[4]).not.toBe("");
    expect(row[4]?.includes("**Secret**")).toBe(SECRET_SETTINGS.has(key));
  });

  test("spells the defaults of whole groups as they are", () => {
    const yaml = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
    const { portfolios, strategies, limits, automaticHalts, retention } = defaults;

    expect(settingsSchema.parse(parse(yaml))).toEqual({
      ...defaults,
      portfolios,
      strategies,
      limits,
      automaticHalts,
      retention,
    });
    expect(parse(yaml)).toMatchObject({ automaticHalts, retention });
    const groups = ["portfolios", "strategies", "limits", "automaticHalts", "retention"];
    expect(Object.keys(parse(yaml) as object)).toEqual(groups);
  });

  test("agrees with the page of retention", () => {
    const { candles, ...others } = defaults.retention;
    const kept = { ...others, "candles.1m": 0, "candles.5m": 0, "candles.15m": 0 };
    const table = readFileSync("docs/retention.md", "utf8");
    for (const key of Object.keys(kept)) {
      const [group = "", timeframe = ""] = key.split(".");
      const days =
        group === "candles"
          ? candles[timeframe as keyof typeof candles]
          : others[key as keyof typeof others];
      expect(table).toContain(`| \`${key}\` | ${days === null ? "`null`" : String(days)} |`);
    }
    expect(table).toContain("| `candles.30m`, `1h`, `4h`, `1d`, `1w` | `null` |");
    expect(Object.values(candles).filter((days) => days === null)).toHaveLength(5);
  });

  test("names every environment variable that the command line reads beside them", () => {
    for (const name of ["HUB_CONFIG", "HUB_URL", "HUB_TOKEN"]) {
      expect(page).toContain(`| \`${name}\` |`);
    }
  });
});
