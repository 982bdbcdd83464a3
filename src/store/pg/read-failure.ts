import pg from "pg";
import { messageOf } from "../../runtime/errors.ts";
import type { StoreFailure } from "../errors.ts";
import { failureFrom, unanswered } from "../failure.ts";

/** Turns what `pg` threw into a store failure. Neither its message nor its cause names the login. */
export function readFailure(fn: string, thrown: unknown): StoreFailure {
  if (thrown instanceof pg.DatabaseError) {
    const { code = "", hint, message, severity } = thrown;
    const endsSession = severity === "FATAL" || severity === "PANIC";
    return failureFrom(fn, { code, hint, message, endsSession }, thrown);
  }
  return unanswered(fn, networkCode(thrown), messageOf(deepest(thrown)));
}

function networkCode(thrown: unknown): string {
  const inner = deepest(thrown);
  if (inner instanceof Error && "code" in inner && typeof inner.code === "string") {
    return inner.code;
  }
  return "no-answer";
}

/** Several addresses tried in vain come as one error of many: the first one says it. */
function deepest(thrown: unknown): unknown {
  return thrown instanceof AggregateError ? (thrown.errors[0] ?? thrown) : thrown;
}
