import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";

const hook = fileURLToPath(new URL("../store/embedded/ts-hook.mjs", import.meta.url));
const program = fileURLToPath(new URL("./secret-process.ts", import.meta.url));

const SECRET = "key+with/7\nlines?";
const PIN = "73190284";
/** Whatever is left of the secret in any of its forms holds one of these. */
const TRACES = ["key+with", "with/7", "7\\nlines", "key%2Bwith"].concat(
  [SECRET, PIN, `a${SECRET}`, `aa${SECRET}`].map((text) =>
    Buffer.from(text).toString("base64").slice(4, 14),
  ),
);

describe("a process that logs a secret of its environment in every way there is", () => {
  let stdout = "";
  let stderr = "";
  beforeAll(() => {
    const { PATH } = process.env;
    ({ stdout, stderr } = spawnSync(process.execPath, ["--import", hook, program], {
      env: { PATH, KRAKEN_API_SECRET: SECRET, KRAKEN_PASSWORD: PIN, HUB_MODE: "sandbox" },
      encoding: "utf8",
    }));
  });

  test("shows it neither in its log nor in the lines that it keeps", () => {
    for (const trace of [...TRACES, PIN]) {
      expect(stderr).not.toContain(trace);
      expect(stdout).not.toContain(trace);
    }
    expect(stderr.match(/<redacted>/g)?.length).toBeGreaterThanOrEqual(11);
  });

  test("writes every line all the same, each of them JSON", () => {
    const lines = stderr.trimEnd().split("\n");
    const messages = lines.map((line) => (JSON.parse(line) as { msg: string }).msg);

    expect(messages).toEqual([
      "plain <redacted>",
      "an error",
      "deep",
      "bound",
      "as a name",
      "JSON inside of JSON",
      "a login",
      "a URL",
      "<redacted>",
      "the end",
    ]);
    const { recent } = JSON.parse(stdout) as { recent: { message: string }[] };
    expect(recent.map(({ message }) => message)).toEqual(messages);
  });

  test("has it neither in its environment nor in a diagnostic report", () => {
    const { report, env } = JSON.parse(stdout) as { report: string; env: Record<string, string> };

    expect(env).not.toHaveProperty("KRAKEN_API_SECRET");
    expect(env).toHaveProperty("HUB_MODE", "sandbox");
    const { environmentVariables = {} } = JSON.parse(report) as { environmentVariables?: object };
    expect(environmentVariables).not.toHaveProperty("KRAKEN_API_SECRET");
    // Without anything in it that would prove nothing; newer versions of Node can leave all of it out.
    const isLeftOut = "excludeEnv" in process.report;
    expect("HUB_MODE" in environmentVariables).toBe(!isLeftOut);
  });
});
