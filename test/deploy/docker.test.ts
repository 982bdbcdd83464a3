import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { validate } from "dockerfile-utils";
import { describe, expect, test } from "vitest";
import { ENV_NAMES } from "../../src/config/settings.ts";
import { packageRoot } from "../../src/system/package-root.ts";
import { composeFile } from "./compose.ts";

const read = (path: string): string => readFileSync(join(packageRoot, path), "utf8");
const TEXT = read("deploy/docker/Dockerfile");

/** Instructions in their order, continued lines joined. */
function instructions(text: string): readonly { readonly word: string; readonly rest: string }[] {
  const lines = text.replaceAll(/\\\n\s*/g, "").split("\n");
  return lines
    .filter((line) => /^[A-Z]/.test(line))
    .map((line) => ({
      word: line.slice(0, line.indexOf(" ")),
      rest: line.slice(line.indexOf(" ") + 1),
    }));
}

const all = instructions(TEXT);
/** Of the last stage: what ends up in the image and is run. */
const last = all.slice(all.findLastIndex(({ word }) => word === "FROM"));
const restOf = (word: string): readonly string[] =>
  last.filter((instruction) => instruction.word === word).map(({ rest }) => rest);

/** What is taken from the project and not from another stage. */
const copied = all
  .filter(({ word, rest }) => word === "COPY" && !rest.startsWith("--from="))
  .flatMap(({ rest }) => rest.split(" ").slice(0, -1));

const environment = new Map(
  restOf("ENV")
    .flatMap((rest) => rest.split(" "))
    .map((pair) => [pair.split("=")[0] ?? "", pair.split("=")[1] ?? ""]),
);

describe("the Dockerfile", () => {
  test("has nothing that a linter complains about", () => {
    expect(validate(TEXT).map(({ message }) => message)).toEqual([]);
  });

  test("would be found faulty with a misspelt instruction", () => {
    const messages = validate(TEXT.replace("EXPOSE", "EXPOES")).map(({ message }) => message);
    expect(messages).toEqual([expect.stringContaining("EXPOES")]);
  });

  test("begins with one release line of Node, new enough for the hub", () => {
    const images = all.filter(({ word }) => word === "FROM").map(({ rest }) => rest.split(" ")[0]);
    expect(images).toEqual(["node:22-bookworm-slim", "base", "base", "base"]);
  });

  test("runs the hub as a user who is not root, and by itself, so that signals reach it", () => {
    expect(restOf("USER")).toEqual(["node"]);
    expect(restOf("STOPSIGNAL")).toEqual(["SIGTERM"]);
    expect(restOf("CMD")).toEqual(['["node", "bin/start.mjs"]']);
  });

  test("takes along only what is there, and what .dockerignore lets through", () => {
    const allowed = read(".dockerignore")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    expect(copied.filter((path) => !existsSync(join(packageRoot, path)))).toEqual([]);
    expect(allowed[0]).toBe("*");
    expect(allowed.slice(1).sort()).toEqual([...new Set(copied)].map((path) => `!${path}`).sort());
  });

  test("sets what the hub knows, and no secret", () => {
    const known = new Set<string>([...Object.values(ENV_NAMES), "NODE_ENV"]);
    expect([...environment.keys()].filter((name) => !known.has(name))).toEqual([]);
    expect(TEXT).not.toMatch(/^ARG/m);
  });

  test("opens the port that it listens on, and asks there whether the hub is ready", () => {
    expect(restOf("EXPOSE")).toEqual([environment.get("PORT")]);
    expect(restOf("HEALTHCHECK").join("")).toContain("/readyz");
  });

  test("keeps the data where compose has a volume for them", () => {
    const hub = composeFile("deploy/compose.yaml").services["hub"];
    const folder = environment.get("HUB_DATA_DIR");
    expect(restOf("VOLUME")).toEqual([`["${folder}"]`]);
    expect(hub?.volumes).toEqual([`data:${folder}`]);
  });
});
