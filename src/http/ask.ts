import { FailureError } from "../runtime/errors.ts";
import { withLimit } from "../runtime/limit.ts";
import type { MessageOf, Protocol, Ref, ReplyOf, TopicName } from "../runtime/protocol.ts";
import { StoreFailure } from "../store/errors.ts";
import type { HttpDeps } from "./deps.ts";
import { HttpProblem, unavailable } from "./problem.ts";

const READ_LIMIT_MS = 5_000;
const AUDIT_LIMIT_MS = 4_000;

/**
 * Asks an actor.
 * @throws HttpProblem 503 when it does not answer; what it thinks of the message is its answer.
 */
export async function answerOf<P extends Protocol, K extends TopicName<P>>(
  name: string,
  ref: Ref<P>,
  topic: K,
  message: MessageOf<P, K>,
  timeoutMs: number,
): Promise<ReplyOf<P, K>> {
  try {
    return await ref.ask(topic, message, { timeoutMs });
  } catch (error) {
    if (error instanceof FailureError && error.retry !== "never") {
      throw unavailable(`${name} did not answer; what was asked may still happen.`);
    }
    throw error;
  }
}

/** Reads from the store within a limit, for operators: they rather hear 503 than wait. */
export async function read<T>(deps: HttpDeps, what: string, work: Promise<T>): Promise<T> {
  try {
    return await withLimit(deps.machineClock, READ_LIMIT_MS, what, work);
  } catch (error) {
    // What the database itself refuses is a fault of the hub, except a place to read on from.
    if (error instanceof StoreFailure && error.fault === "refused") {
      throw new HttpProblem(500, `The database refused to read ${what}.`);
    }
    throw error;
  }
}

/**
 * Writes down who is about to do what. Nothing is changed without a line about it.
 * @throws HttpProblem 503 when the line cannot be written.
 */
export async function audit(
  deps: Pick<HttpDeps, "sentinel">,
  who: string,
  what: string,
  detail: { readonly [key: string]: string | number | boolean | null },
): Promise<void> {
  try {
    await deps.sentinel.ask("record", { who, what, detail }, { timeoutMs: AUDIT_LIMIT_MS });
  } catch {
    throw unavailable("The audit ledger cannot be written now, so nothing was changed.");
  }
}
