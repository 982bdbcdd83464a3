import {
  createClient,
  type SupabaseClient,
  type WebSocketLikeConstructor,
} from "@supabase/supabase-js";
import WebSocket from "ws";
import { StartRefusal } from "../../config/refusal.ts";
import { type Clock, machineClock } from "../../runtime/clock.ts";
import type { Secret } from "../../runtime/secret.ts";
import type { StoreFailure } from "../errors.ts";
import { failureFrom, unanswered } from "../failure.ts";
import { type Health, HealthNote } from "../health.ts";
import type { Database } from "../port.ts";
import { fetchWithKey } from "./fetch.ts";

/** The service role's statements end after 8 s there; the rest is for the way. */
const DEFAULT_CALL_TIMEOUT_MS = 10_000;

/** What the client is told in place of the key, which it would keep as text. */
const PLACEHOLDER = "sent-with-each-request";

export interface SupabaseAccess {
  /** `https://<project>.supabase.co` */
  readonly url: string;
  /** The service-role key; it never appears in a message. */
  readonly key: Secret;
  readonly clock?: Clock;
}

/** Calls the hub's functions through a Supabase project's REST face. */
export function openSupabaseDatabase(access: SupabaseAccess): Database {
  if (!URL.canParse(access.url)) throw new StartRefusal("SUPABASE_URL is not a URL");
  const client = createClient(access.url, PLACEHOLDER, {
    // One long-lived server process: no session to keep, and no timer to refresh it.
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    // Never used, but without a WebSocket the client cannot even be made on Node 20.
    realtime: { transport: WebSocket as unknown as WebSocketLikeConstructor },
    global: { fetch: fetchWithKey(access.key) },
  });
  return new SupabaseDatabase(client, access.clock ?? machineClock);
}

/** What the client gives instead of throwing. */
interface Answer {
  readonly data: unknown;
  readonly status: number;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hint: string;
    readonly details: string;
  } | null;
}

class SupabaseDatabase implements Database {
  readonly #client: SupabaseClient;
  readonly #clock: Clock;
  readonly #note = new HealthNote();

  constructor(client: SupabaseClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  async call(
    fn: string,
    args: { readonly [name: string]: unknown },
    options: { timeoutMs?: number } = {},
  ): Promise<unknown> {
    const timeoutMs = options.timeoutMs ?? DEFAULT_CALL_TIMEOUT_MS;
    const controller = new AbortController();
    // A timer that we hold: the runtime may collect a timeout signal that nobody else refers to.
    const cancel = this.#clock.after(timeoutMs, () => controller.abort());
    try {
      const answer: Answer = await this.#client.rpc(fn, args).abortSignal(controller.signal);
      if (answer.error === null) {
        this.#note.reached();
        return answer.data;
      }
      const failure = controller.signal.aborted
        ? unanswered(fn, "time-limit", `no answer within ${timeoutMs} ms`)
        : readFailure(fn, answer);
      this.#note.failed(failure);
      throw failure;
    } finally {
      cancel();
    }
  }

  health(): Health {
    return this.#note.health;
  }

  async close(): Promise<void> {
    await this.#client.removeAllChannels();
  }
}

/**
 * Reads what came back. Without a code nobody of the database spoke: the network (status 0) or a
 * gateway did, and its page is not quoted.
 */
function readFailure(fn: string, { status, error }: Answer): StoreFailure {
  const { code = "", message = "", hint, details = "" } = error ?? {};
  if (code !== "" && code !== undefined) {
    return failureFrom(fn, { code, hint: hint ?? undefined, message });
  }
  if (status === 401 || status === 403) {
    return failureFrom(fn, {
      code: `http-${status}`,
      hint: undefined,
      message: "key not accepted",
    });
  }
  const reason = /\b(E[A-Z]{4,}|UND_ERR_[A-Z_]+)\b/.exec(details)?.[1] ?? `http-${status}`;
  return unanswered(fn, reason, status === 0 ? "not reached" : `answer of status ${status} unread`);
}
