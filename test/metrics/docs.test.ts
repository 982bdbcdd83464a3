import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

test("docs/metrics.md lists every metric as it is, and no other", () => {
  const golden = read("../golden/metrics.txt").matchAll(
    /# HELP (\S+) (.*)\n# TYPE \S+ (\w+)\n# LABELS \S+ ?(.*)/g,
  );
  const rows = [...golden].map(([, name = "", help = "", type = "", labels = ""]) => {
    const own = labels.split(", ").filter((label) => label !== "" && label !== "le");
    return `| \`${name}\` | ${type} | ${own.join(", ") || "–"} | ${help} |`;
  });
  const documented = read("../../docs/metrics.md").match(/^\| `.*$/gm);

  expect(documented).toEqual(rows);
});
