import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fixture } from "./forks.ts";
import { until } from "./support.ts";

const running = new Set<ChildProcess>();

/** Whether a process still runs; one that has ended may wait long for somebody to collect it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = `/proc/${pid}/status`;
  return !existsSync(status) || !readFileSync(status, "utf8").includes("State:\tZ");
}

/** Starts a script and collects what it says. */
export function run(name: string, args: readonly string[] = [], env = process.env) {
  const script = fileURLToPath(fixture(name));
  const child = spawn(process.execPath, [script, ...args], { detached: true, env });
  running.add(child);
  const said = { out: "", err: "" };
  child.stdout.on("data", (data: Buffer) => {
    said.out += data.toString();
  });
  child.stderr.on("data", (data: Buffer) => {
    said.err += data.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { child, said, ended };
}

/** Starts a process with one forked actor, and waits for that one. */
export async function runParent(args: readonly string[] = [], env = process.env) {
  const parent = run("parent.mjs", args, env);
  await until("the child is there", () => parent.said.out.includes("child "));
  const pid = Number(/child (\d+)/.exec(parent.said.out)?.[1]);
  return { ...parent, pid };
}

/** Ends what was started since the last time. */
export function killScripts(): void {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
}
