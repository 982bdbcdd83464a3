import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import extractConfig from "dependency-cruiser/config-utl/extract-depcruise-config";
import { describe, expect, test } from "vitest";

/** Far below what there is; a checker that reads nothing must not pass for one that found nothing. */
const LEAST_MODULES = 150;
/** Past so many lines of code a file holds two ideas. Blank lines and comments are free. */
const MOST_LINES = 250;

async function cruiseProject(folders: readonly string[]): Promise<ICruiseResult> {
  const config = (await extractConfig("./.dependency-cruiser.cjs")) as { options: object };
  const options = { ruleSet: config, validate: true, ...config.options } as object;
  return (await cruise([...folders], options)).output as ICruiseResult;
}

const brokenRules = ({ summary }: ICruiseResult) =>
  summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);

describe("imports", () => {
  test("all point down the layers", async () => {
    const result = await cruiseProject(["src", "test"]);

    const read = result.modules.filter(({ source }) => /^(src|test)\//.test(source));
    expect(read.length, "read no files: is @swc/core installed?").toBeGreaterThan(LEAST_MODULES);
    expect(brokenRules(result)).toEqual([]);
  }, 60_000);

  test("are really followed by the checker, from file to file", async () => {
    const { modules } = await cruiseProject(["src/market", "src/config"]);

    const settings = modules.find(({ source }) => source === "src/config/settings.ts");
    expect(settings?.dependencies.map(({ resolved }) => resolved)).toContain(
      "src/market/series.ts",
    );
  }, 60_000);
});

/** Every file below a folder; none when it is not there. */
function below(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

const sources = below("src")
  .filter((file) => file.endsWith(".ts"))
  .map((file) => ({ file, lines: readFileSync(file, "utf8").split("\n") }));

/** Lines that match, save those that say `allow:` and a reason, there or on the line above. */
function offences(pattern: RegExp): string[] {
  return sources.flatMap(({ file, lines }) =>
    lines.flatMap((line, i) => {
      const isAllowed = /allow: \S/.test(line) || /allow: \S/.test(lines[i - 1] ?? "");
      return pattern.test(line) && !isAllowed ? [`${file}:${String(i + 1)}: ${line.trim()}`] : [];
    }),
  );
}

describe("source", () => {
  test("is there to be looked at", () => {
    expect(sources.length).toBeGreaterThan(LEAST_MODULES / 2);
  });

  // What the linter cannot say.
  test.each([
    ["is handed its time", /new Date\(\)|\bDate\(\)/],
    ["borrows no globals", /globalThis\.(setTimeout|setInterval|Date|Math|process)\b/],
    // The layer checker does not read this form.
    ["re-exports types in two steps", /export type \{[^}]*\} from/],
    [
      "has no enums, namespaces or parameter properties",
      /^\s*(export )?(const )?(enum|namespace) \w/,
    ],
    [
      "silences no checker without a reason",
      /@ts-(ignore|nocheck|expect-error)|(ox|es)lint-disable(?!.* -- \S)/,
    ],
    ["leaves no note to do something later", /\b(TODO|FIXME|XXX|HACK)\b/],
  ])("%s", (_promise, pattern) => {
    expect(offences(pattern)).toEqual([]);
  });

  test("keeps one idea a file", () => {
    const long = sources
      .map(({ file, lines }) => ({ file, count: lines.filter(isCode).length }))
      .filter(({ count }) => count > MOST_LINES);

    expect(long).toEqual([]);
  });
});

function isCode(line: string): boolean {
  return !/^\s*($|\/\/|\/\*|\*)/.test(line);
}

describe("the project", () => {
  test("numbers its decisions once each", () => {
    const names = readdirSync("docs/decisions").filter((name) => name.endsWith(".md"));
    const numbers = names.map((name) => name.slice(0, 4));

    expect(names.filter((name) => !/^\d{4}-[a-z0-9-]+\.md$/.test(name))).toEqual([]);
    expect(numbers.filter((number, i) => numbers.indexOf(number) !== i)).toEqual([]);
  });

  test("pins every package to one version", () => {
    const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Record<
      "dependencies" | "devDependencies" | "optionalDependencies",
      Record<string, string>
    >;
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    const loose = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      .map(([name, version]) => `${name}@${version}`);

    expect(loose).toEqual([]);
  });

  test("names no folder of the machine it was written on", () => {
    // Split, so that this file does not name it either.
    const builders = ["/work", "/"].join("");
    const files = projectFiles();

    expect(files.length).toBeGreaterThan(LEAST_MODULES);
    expect(files.filter((file) => readFileSync(file, "utf8").includes(builders))).toEqual([]);
  });
});

describe("the pages for newcomers", () => {
  const pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].concat(
    below("docs").filter((file) => file.endsWith(".md")),
  );

  test.each(pages)("%s links to pages that are there", (page) => {
    const links = [...readFileSync(page, "utf8").matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)];
    const broken = links.filter(([, to = ""]) => !existsSync(join(dirname(page), to)));

    expect(broken.map(([link]) => link)).toEqual([]);
  });

  test("name only files of ours that are there", () => {
    const text = ["README.md", "CONTRIBUTING.md", "docs/architecture.md"]
      .map((page) => readFileSync(page, "utf8"))
      .join("\n");
    const named = [...text.matchAll(/`((?:src|test|bin|bench|docs|supabase)\/[\w./-]*)`/g)]
      .map(([, file = ""]) => file)
      .filter((file) => !file.includes("NNNN"));

    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((file) => !existsSync(file))).toEqual([]);
  });
});

/** What belongs to the project: tracked files, and new ones that git would take. */
function projectFiles(): string[] {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "-z"];
  try {
    const listed = execFileSync("git", args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).split("\0");
    // Tracked files may have been deleted since.
    return listed.filter((file) => file !== "" && existsSync(file));
  } catch {
    // An unpacked archive has no git; its folders say as much.
    return ["src", "test", "bench", "bin", "docs", "grafana", "supabase"].flatMap(below);
  }
}
