import { spawnSync } from "node:child_process";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { isAlive, killScripts, runParent } from "./scripts.ts";
import { compileSources, until } from "./support.ts";

vi.setConfig({ testTimeout: 60_000 });

/** A machine without the tool by which the kernel is told: its guard is all a child has. */
const TOOLLESS = { ...process.env, PATH: "/nowhere" };
/** Whether the kernel of this machine can be told to kill a child with its parent. */
const kernelHelps = spawnSync("setpriv", ["--pdeathsig", "KILL", "true"]).status === 0;

beforeAll(compileSources);
afterEach(killScripts);

describe.each([
  ["with the tools of this machine", process.env],
  ["with nothing but its own guard", TOOLLESS],
])("a child whose parent is killed, %s,", (_, env) => {
  test("is gone when it had nothing to do", async () => {
    const { child, pid } = await runParent([], env);
    child.kill("SIGKILL");

    await until("the orphan's end", () => !isAlive(pid), 6_000);
    expect(isAlive(pid)).toBe(false);
  });

  test("is gone even when it never yields", async () => {
    const { child, pid, said } = await runParent(["spin"], env);
    await until("it spins", () => said.err.includes("child spins"));
    child.kill("SIGKILL");

    await until("the orphan's end", () => !isAlive(pid), 6_000);
    expect(isAlive(pid)).toBe(false);
  });
});

describe("a child that is stopped when its parent is killed", () => {
  test("is gone once it goes on, by its own guard", async () => {
    const { child, pid, ended } = await runParent([], TOOLLESS);
    process.kill(pid, "SIGSTOP");
    child.kill("SIGKILL");
    await ended;
    process.kill(pid, "SIGCONT");

    await until("the orphan's end", () => !isAlive(pid), 6_000);
    expect(isAlive(pid)).toBe(false);
  });

  test.runIf(kernelHelps)("is gone though it never goes on, when the kernel was told", async () => {
    const { child, pid } = await runParent();
    process.kill(pid, "SIGSTOP");
    child.kill("SIGKILL");

    await until("the orphan's end", () => !isAlive(pid), 6_000);
    expect(isAlive(pid)).toBe(false);
  });
});
