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
  if (key === "portfolios" || key === "strategies") return "see below";
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

  test("spells the defaults of portfolios and strategies as they are", () => {
    const yaml = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
    const { portfolios, strategies, limits } = defaults;

    expect(settingsSchema.parse(parse(yaml))).toEqual({
      ...defaults,
      portfolios,
      strategies,
      limits,
    });
    expect(Object.keys(parse(yaml) as object)).toEqual(["portfolios", "strategies", "limits"]);
  });

  test("names every environment variable that the command line reads beside them", () => {
    for (const name of ["HUB_CONFIG", "HUB_URL", "HUB_TOKEN"]) {
      expect(page).toContain(`| \`${name}\` |`);
    }
  });
});
