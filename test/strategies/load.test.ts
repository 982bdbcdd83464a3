import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createRegistry } from "../../src/strategies/registry.ts";
import { resolveStrategies } from "../../src/strategies/resolve.ts";
import { walk } from "../kit/candles.ts";
import { wishes } from "./world.ts";

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "strategies-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await Promise.all(
    Object.entries(files).map(([name, code]) => writeFile(join(folder, name), code)),
  );
  return folder;
}

const strategy = (over = ""): string => `export default ({ z }) => ({
  id: "mine", version: "1", summary: "Mine.", parameters: z.object({}),
  warmup: () => 1, start: () => ({ onCandle: () => undefined }), ${over}
});`;

describe("a strategies folder", () => {
  test("adds its files to the built-in strategies", async () => {
    const folder = await folderWith({
      "b.mjs": strategy('id: "second"'),
      "a.js": strategy('id: "first"'),
      "notes.txt": "not code",
    });

    const registry = await createRegistry(folder);

    expect(registry.ids().slice(-2)).toEqual(["first", "second"]);
    expect(registry.ids()).toContain("ema-cross");
  });

  test("may be left out, or empty", async () => {
    const [none, empty] = await Promise.all([
      createRegistry(),
      createRegistry(await folderWith({})),
    ]);

    expect(empty.ids()).toEqual(none.ids());
    expect(none.list().map(({ id }) => id)).toEqual(none.ids());
  });

  test.each([
    ["export const other = 1;", "has no strategy as its default export"],
    ["export default ({ z) => 1;", "strategy file my.mjs: "],
    ['throw new Error("oh\\nno");', "strategy file my.mjs: oh no"],
    ['import "no-such-package-here";', "no-such-package-here"],
    [strategy("id: undefined"), "id must be lower-case words with dashes"],
    [strategy('id: "My Strategy"'), "id must be lower-case words with dashes"],
    [strategy("version: 1"), "version must be text"],
    [strategy('summary: ""'), "summary must be text"],
    [strategy("parameters: {}"), "parameters must be a zod schema"],
    [strategy("warmup: 5"), "warmup must be a function"],
    [strategy("start: undefined"), "start must be a function"],
  ])("refuses a file with %j", async (code, why) => {
    const loading = createRegistry(await folderWith({ "my.mjs": code }));

    await expect(loading).rejects.toThrow(/^strategy file my\.mjs: [^\n]+$/);
    await expect(loading).rejects.toThrow(why);
    await expect(loading).rejects.toMatchObject({ code: "strategy-file", retry: "never" });
  });

  test("refuses an id that is there already", async () => {
    const own = await folderWith({ "a.mjs": strategy(), "b.mjs": strategy() });
    const builtIn = await folderWith({ "a.mjs": strategy('id: "momentum"') });

    await expect(createRegistry(own)).rejects.toThrow("two strategies are named mine");
    await expect(createRegistry(builtIn)).rejects.toMatchObject({ code: "strategy-duplicate" });
  });

  test("must exist when it is named", async () => {
    const loading = createRegistry(join(tmpdir(), "no-such-folder-of-strategies"));

    await expect(loading).rejects.toMatchObject({ code: "strategy-folder" });
  });
});

describe("the example of docs/strategies.md", () => {
  test("loads from a folder, resolves as configured there, and trades both ways", async () => {
    const page = await readFile(new URL("../../docs/strategies.md", import.meta.url), "utf8");
    const code = /```js\n(\/\/ dip-buyer\.mjs\n[\s\S]*?)```/.exec(page)?.[1] ?? "";
    const parameters = JSON.parse(/"parameters": (\{.*?\})/.exec(page)?.[1] ?? "") as Record<
      string,
      unknown
    >;

    const registry = await createRegistry(await folderWith({ "dip-buyer.mjs": code }));
    const found = wishes(
      resolveStrategies(registry, [{ id: "dip-buyer", parameters }]),
      [],
      walk(2_000, { seed: 5 }),
    );

    expect(new Set(found.map(({ side }) => side))).toEqual(new Set(["buy", "sell"]));
    expect(() =>
      resolveStrategies(registry, [{ id: "dip-buyer", parameters: { dip_percent: 0 } }]),
    ).toThrow("dip-buyer: dip_percent: ");
  });
});
