import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { forked, heartbeat, patient, stopForks, tolerant } from "./forks.ts";
import { isAlive, killScripts, run, runParent } from "./scripts.ts";
import { Counter, compileSources, counterSpec, until } from "./support.ts";

vi.setConfig({ testTimeout: 90_000 });

beforeAll(compileSources);

afterEach(async () => {
  await stopForks();
  killScripts();
});

describe("a forked actor", () => {
  test("is told and asked like any other, in order, and shows its process", async () => {
    const { ref, node } = await forked({ params: { start: 10 } });
    ref.tell("add", 1);

    expect(await ref.ask("add", 1)).toBe(12);
    expect(await ref.ask("echo", [1, 2, 3])).toEqual({ message: [1, 2, 3] });
    expect(await ref.ask("echo", undefined)).toEqual({ message: "nothing" });
    expect(node()?.pid).not.toBe(process.pid);
  });

  test("knows nothing of its parent's environment but the harmless", async () => {
    process.env["DATABASE_PASSWORD"] = "secret";
    const { ref } = await forked();
    const names = Object.keys(await ref.ask("env", null));

    // The shell that starts it may say where it is, and what it ran.
    const ofShell = ["PWD", "OLDPWD", "SHLVL", "_"];
    const harmless = [
      ...ofShell,
      "PATH",
      "TZ",
      "LANG",
      "LC_ALL",
      "NODE_ENV",
      "NODE_EXTRA_CA_CERTS",
    ];
    expect(names.filter((name) => !harmless.includes(name))).toEqual([]);
  });

  test("that dies before it is answered leaves nothing behind that fails", async () => {
    const unheard: unknown[] = [];
    const note = (reason: unknown): void => void unheard.push(reason);
    process.on("unhandledRejection", note);
    const { ref, node, system } = await forked();
    let answer: (() => void) | undefined;
    const read = () => new Promise<number>((resolve) => (answer = () => resolve(1)));
    const create = () => Object.assign(new Counter(), { read });
    await system.root.spawn({ ...counterSpec("bank"), create });
    const pid = node()?.pid ?? 0;
    ref.tell("deposit", { to: "bank", amount: 1 });
    await until("the bank was asked", () => answer !== undefined);
    process.kill(pid, "SIGKILL");
    await until("there is another process", () => ![undefined, pid].includes(node()?.pid));
    answer?.();
    await ref.ask("echo", 1, patient);
    process.off("unhandledRejection", note);

    expect(unheard).toEqual([]);
  });

  test("that died of a pause of its parent leaves nothing behind that fails", async () => {
    const unheard: unknown[] = [];
    const note = (reason: unknown): void => void unheard.push(reason);
    process.on("unhandledRejection", note);
    const { ref, node } = await forked();
    await ref.ask("add", 1, patient);
    const pid = node()?.pid ?? 0;
    // Nothing runs here, as on a machine that swaps, until the child has given its parent up.
    const glance = new Int32Array(new SharedArrayBuffer(4));
    for (let waited = 0; isAlive(pid) && waited < 300; waited++) Atomics.wait(glance, 0, 0, 100);
    await until("there is another process", () => ![undefined, pid].includes(node()?.pid));
    await ref.ask("echo", 1, patient);
    process.off("unhandledRejection", note);

    expect(unheard).toEqual([]);
  });

  test("reaches other actors through its parent, and no children of its own", async () => {
    const { ref, system } = await forked();
    await system.root.spawn(counterSpec("bank"));

    expect(await ref.ask("deposit", { to: "bank", amount: 7 })).toBe(7);
    expect(await ref.ask("askNobody", null)).toEqual({ name: "AskFailure", code: "actor-stopped" });
    expect(await ref.ask("limits", null)).toEqual(["not-in-a-fork", "not-in-a-fork"]);
  });

  test("sends nothing that forks may not send, whoever it says it is", async () => {
    const allowed = new Set(["read"]);
    const mayForkSend = (to: string, topic: string): boolean => to !== "bank" || allowed.has(topic);
    const { ref, system } = await forked({ intensity: tolerant }, { mayForkSend });
    const bank = await system.root.spawn(counterSpec("bank"));

    // It tells the bank of a sum, which does not arrive, and asks it for the balance.
    expect(await ref.ask("deposit", { to: "bank", amount: 7 }, patient)).toBe(0);
    allowed.clear();
    const second = ref.ask("deposit", { to: "bank", amount: 7 }, patient);
    await expect(second).rejects.toThrow(/may not send read to bank/);
    expect(await bank.ask("read", null)).toBe(0);
  });

  test("fails an ask whatever its handler throws, and is back after it", async () => {
    const { ref, events } = await forked({ intensity: tolerant });
    for (const kind of ["a type error", "wordless", "text", "undefined"]) {
      await expect(ref.ask("fail", kind, patient)).rejects.toMatchObject({
        code: "handler-failed",
      });
    }

    expect(await ref.ask("add", 1, patient)).toBe(1);
    const reasons = events.flatMap((event) => (event.kind === "restarting" ? [event.reason] : []));
    // A machine that pauses for seconds makes a child think its parent dead: one more restart.
    const ofHandlers = reasons.filter((reason) => !reason.startsWith("process "));
    expect(ofHandlers).toEqual(["a type error", "Error", "not an error", "undefined"]);
  });

  test("says why it does not start", async () => {
    await expect(forked({ params: { refuses: true } })).rejects.toMatchObject({
      code: "start-failed",
      cause: { message: "will not start" },
    });
  });

  test("is killed and started anew when it hangs", async () => {
    const { ref, events } = await forked({ intensity: tolerant, heartbeat });
    ref.tell("spin", null);

    expect(await ref.ask("add", 3, patient)).toBe(3);
    expect(events).toContainEqual(expect.objectContaining({ reason: "missed a heartbeat" }));
  });

  test("is started anew when its process is killed, with what waits kept", async () => {
    const { ref, node } = await forked();
    const pid = node()?.pid ?? 0;
    process.kill(pid, "SIGKILL");
    await until("the death is noticed", () => node()?.pid !== pid);
    ref.tell("add", 1);

    expect(await ref.ask("add", 1, patient)).toBe(2);
    expect(isAlive(pid)).toBe(false);
  });

  test.each([
    ["from a timer", "timer"],
    ["by context", "context"],
  ])("crashes alone when something fails %s", async (reason, how) => {
    const { ref, events } = await forked();
    ref.tell("floatAway", how);
    await until("the restart", () => events.some(({ kind }) => kind === "restarting"));

    expect(events).toContainEqual(expect.objectContaining({ kind: "restarting", reason }));
    expect(await ref.ask("add", 1, patient)).toBe(1);
  });

  test("opens no inspector when somebody asks it to by a signal", async () => {
    const { ref, node } = await forked();
    await ref.ask("add", 1, patient);
    const pid = node()?.pid ?? 0;

    process.kill(pid, "SIGUSR1");

    expect(await ref.ask("inspector", null, patient)).toBeNull();
    expect(node()?.pid).toBe(pid);
  });

  test("that ends by itself without a failure stays down when it is transient", async () => {
    const { ref, system, kinds } = await forked({ restart: "transient" });
    ref.tell("floatAway", "exit");
    await until("the end", () => !system.root.has("worker"));

    expect(kinds()).toEqual(["started worker", "stopped worker"]);
  });

  test("leaves nothing behind once it is stopped", async () => {
    const count = (): number =>
      (["exit", "SIGINT", "SIGTERM"] as const).reduce(
        (sum, name) => sum + process.listenerCount(name),
        0,
      );
    const before = count();
    const { ref, system, node } = await forked();
    await ref.ask("fail", "once", patient).catch(() => {});
    await ref.ask("add", 1, patient);
    const pid = node()?.pid ?? 0;
    await system.stop("the end", 10_000);

    expect(isAlive(pid)).toBe(false);
    expect(count()).toBe(before);
  });
});

describe("a process with a forked actor", () => {
  test("stops its child in its own way when both get the signal", async () => {
    const { child, said, ended, pid } = await runParent();
    process.kill(-(child.pid ?? 0), "SIGTERM");

    expect(await ended).toBe(0);
    expect(said.out).toContain("stopping on SIGTERM");
    expect(said.err).toContain("child stopped in its own way");
    expect(isAlive(pid)).toBe(false);
  });
});

describe("a stop signal", () => {
  test("is heard once, and a second SIGINT forces the end", async () => {
    const { child, said, ended } = run("stopper.mjs");
    await until("ready", () => said.out.includes("ready"));
    child.kill("SIGINT");
    await until("the first is heard", () => said.out.includes("stopping on SIGINT"));
    child.kill("SIGTERM");
    child.kill("SIGINT");

    expect(await ended).toBe(130);
    expect(said.out.match(/stopping/g)).toHaveLength(1);
  });

  test("SIGUSR1 opens no inspector", async () => {
    const { child, said, ended } = run("stopper.mjs");
    await until("ready", () => said.out.includes("ready"));
    child.kill("SIGUSR1");
    child.kill("SIGINT");
    await until("still there", () => said.out.includes("stopping"));
    child.kill("SIGINT");

    expect(await ended).toBe(130);
    expect(said.err).not.toContain("Debugger");
  });
});
