import { spawn } from "node:child_process";
import type { Environment } from "../config/env.ts";
import type { Liveness } from "../market/liveness.ts";
import type { Cancel, Clock } from "../runtime/clock.ts";
import { messageOf } from "../runtime/errors.ts";
import type { CloseStack } from "./close-stack.ts";

export interface ServiceManagerDeps {
  readonly environment: Pick<Environment, "text">;
  readonly machineClock: Clock;
  readonly liveness: () => Liveness;
  /** Whether the database serves: without it no work can be done, and a fresh start would not help. */
  readonly isStoreUp: () => boolean;
  readonly warn: (line: string) => void;
  /** Hands words to the service manager; resolves once they are delivered. */
  readonly send?: (socket: string, words: readonly string[]) => Promise<void>;
}

/** The way to tell a service manager how the hub is; see sd_notify(3). */
export interface ServiceManager {
  /** The hub serves; from now on signs of life are sent while work is done. */
  ready(): void;
  stopping(): void;
}

const SOCKET = "NOTIFY_SOCKET";
const INTERVAL = "WATCHDOG_USEC";
const PROGRAM = "systemd-notify";

/** Speaks to the service manager that started the hub, if one did; otherwise to nobody. */
export function serviceManager(deps: ServiceManagerDeps): ServiceManager {
  const socket = deps.environment.text[SOCKET];
  if (socket === undefined) return { ready: () => undefined, stopping: () => undefined };
  return new Notifier(deps, socket);
}

/** Tells the service manager that the hub serves, and that it stops when the stack is closed. */
export function serveUnderManager(deps: ServiceManagerDeps, stack: CloseStack): void {
  const manager = serviceManager(deps);
  stack.push(() => manager.stopping());
  manager.ready();
}

class Notifier implements ServiceManager {
  readonly #deps: ServiceManagerDeps;
  readonly #socket: string;
  #cancel: Cancel = () => {};
  #isTold = false;

  constructor(deps: ServiceManagerDeps, socket: string) {
    this.#deps = deps;
    this.#socket = socket;
  }

  ready(): void {
    void this.#say("--ready", `--status=${this.#status()}`);
    const everyMs = Number(this.#deps.environment.text[INTERVAL]) / 1_000 / 3;
    if (everyMs >= 1) this.#beatEvery(everyMs);
  }

  stopping(): void {
    this.#cancel();
    void this.#say("STOPPING=1");
  }

  #beatEvery(everyMs: number): void {
    this.#cancel = this.#deps.machineClock.after(everyMs, () => {
      const life = this.#isAtWork() ? ["WATCHDOG=1"] : [];
      void this.#say(...life, `--status=${this.#status()}`);
      this.#beatEvery(everyMs);
    });
  }

  /** A database or an exchange that is away is waited out; only where nobody works a fresh start helps. */
  #isAtWork(): boolean {
    return this.#deps.liveness().state !== "unhealthy" || !this.#deps.isStoreUp();
  }

  #status(): string {
    const { state, due, late } = this.#deps.liveness();
    return `${state}: ${due} series due, ${late.length} late`;
  }

  async #say(...words: readonly string[]): Promise<void> {
    try {
      await (this.#deps.send ?? runProgram)(this.#socket, words);
    } catch (error) {
      if (this.#isTold) return;
      this.#isTold = true;
      this.#deps.warn(`the service manager cannot be told how the hub is: ${messageOf(error)}`);
    }
  }
}

/** Node has no datagram sockets of this kind; systemd brings a program that has. */
function runProgram(socket: string, words: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    // Nothing of the hub's environment is handed on.
    const child = spawn(PROGRAM, words, {
      env: { [SOCKET]: socket, PATH: "/usr/bin:/bin" },
      stdio: "ignore",
    });
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${PROGRAM} ended with ${String(code)}`));
    });
  });
}
