import type { z } from "zod";
import type { Clock } from "../../runtime/clock.ts";
import { messageOf } from "../../runtime/errors.ts";
import type { Secret } from "../../runtime/secret.ts";
import { VaultFailure } from "../errors.ts";
import type { VaultState } from "../port.ts";
import { Breaker } from "./breaker.ts";
import { Line, type VaultReply, type VaultRequest } from "./exchange.ts";
import { jsonOf, offline, type Reading, readReply } from "./read-reply.ts";

export interface AskerOptions {
  /** Origin of the vault, without a path. */
  readonly url: string;
  readonly token: Secret;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Limit of a call; of a health call half of it. */
  readonly timeoutMs?: number;
  /** Told once per change of state, not once per try. */
  readonly onState?: (state: VaultState) => void;
  /** Told how long each request took, answered or not. */
  readonly onAsked?: (durationMs: number) => void;
}

const TIMEOUT_MS = 10_000;
/** Waits before a read is tried again, ms. A write is not: it may have happened. */
const RETRY_WAITS_MS = [200, 800];

/** Asks the vault, again where that can help, and knows how it is doing. */
export class Asker {
  readonly #options: AskerOptions;
  readonly #line: Line;
  readonly #breaker: Breaker;
  #state: VaultState = { kind: "ok" };

  constructor(options: AskerOptions) {
    this.#options = options;
    this.#line = new Line(new URL(options.url), options.clock);
    this.#breaker = new Breaker(options.clock, options.random);
  }

  get state(): VaultState {
    return this.#state;
  }

  /** Reads; undefined when it is not there. */
  async read<T>(operation: string, path: string, shape: z.ZodType<T>): Promise<T | undefined> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#once(operation, { method: "GET", path }, shape);
      } catch (error) {
        const waitMs = RETRY_WAITS_MS[attempt];
        if (waitMs === undefined || !isOffline(error) || !this.#breaker.isClosed) throw error;
        const { clock, random } = this.#options;
        await clock.sleep(waitMs * (0.5 + random() / 2));
      }
    }
  }

  /** Writes, once. */
  async write<T>(operation: string, path: string, body: object, shape: z.ZodType<T>): Promise<T> {
    const answer = await this.#once(operation, { method: "POST", path, body }, shape);
    if (answer === undefined) throw offline(operation, "the path is not served");
    return answer;
  }

  /** Needs no token, and asks even while nobody else may. */
  async health(): Promise<VaultState> {
    const timeoutMs = (this.#options.timeoutMs ?? TIMEOUT_MS) / 2;
    const path = "/api/vault/health";
    try {
      const reply = await this.#send({ method: "GET", path, timeoutMs });
      const status = jsonOf(reply)?.["status"];
      if (reply.status !== 200 || typeof status !== "string") {
        throw offline("health", `status ${reply.status} without the vault's JSON`);
      }
      if (status !== "ok") throw offline("health", "the vault says it is degraded");
      // It serves; only a call with a token can say whether ours is the right one.
      if (this.#state.kind !== "wrong-token") this.#reached();
    } catch (error) {
      this.#failed(toFailure("health", error));
    }
    return this.#state;
  }

  close(): void {
    this.#line.close();
  }

  async #once<T>(
    operation: string,
    request: Omit<VaultRequest, "token" | "timeoutMs">,
    shape: z.ZodType<T>,
  ): Promise<T | undefined> {
    if (!this.#breaker.admit()) throw offline(operation, "not asked: it did not answer lately");
    const { token, timeoutMs = TIMEOUT_MS } = this.#options;
    try {
      const reply = await this.#send({ ...request, token, timeoutMs });
      const answer = shaped(operation, readReply(operation, reply), shape);
      this.#reached();
      return answer;
    } catch (error) {
      const failure = toFailure(operation, error);
      this.#failed(failure);
      throw failure;
    }
  }

  async #send(request: VaultRequest): Promise<VaultReply> {
    const { clock, onAsked } = this.#options;
    const startedAt = clock.monotonicMs();
    try {
      return await this.#line.send(request);
    } finally {
      onAsked?.(clock.monotonicMs() - startedAt);
    }
  }

  #reached(): void {
    this.#breaker.succeeded();
    this.#turn({ kind: "ok" });
  }

  #failed(failure: VaultFailure): void {
    if (failure.fault === "offline") {
      this.#breaker.failed();
      this.#turn({ kind: "offline", reason: failure.message });
    } else {
      this.#breaker.succeeded(); // it answered
      this.#turn(failure.fault === "wrong-token" ? { kind: "wrong-token" } : { kind: "ok" });
    }
  }

  #turn(state: VaultState): void {
    const isNews = state.kind !== this.#state.kind;
    this.#state = state;
    if (isNews) this.#options.onState?.(state);
  }
}

function shaped<T>(operation: string, reading: Reading, shape: z.ZodType<T>): T | undefined {
  if (reading.kind === "absent") return undefined;
  const parsed = shape.safeParse(reading.body);
  if (parsed.success) return parsed.data;
  // Of the issue only the place: its message may hold the value.
  const where = parsed.error.issues[0]?.path.join(".") ?? "";
  throw offline(operation, `an answer of another shape (at ${where || "the top"})`);
}

function toFailure(operation: string, error: unknown): VaultFailure {
  return error instanceof VaultFailure ? error : offline(operation, messageOf(error));
}

function isOffline(error: unknown): boolean {
  return error instanceof VaultFailure && error.fault === "offline";
}
