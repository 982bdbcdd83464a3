import { AskFailure, askFailureCode } from "./ask-failure.ts";
import { FailureError, messageOf, type Retry } from "./errors.ts";

/** What a parent sends a forked actor. */
export type ToChild =
  | {
      readonly kind: "start";
      readonly id: string;
      readonly module: string;
      readonly params: unknown;
      readonly topics: readonly string[];
    }
  | { readonly kind: "handle"; readonly topic: string; readonly payload: unknown }
  | { readonly kind: "ping" }
  | { readonly kind: "stop"; readonly reason: string };

/** What a forked actor sends its parent. */
export type ToParent =
  | {
      readonly kind: "tell" | "ask";
      readonly to: string;
      readonly topic: string;
      readonly message: unknown;
      readonly timeoutMs?: number;
    }
  | { readonly kind: "failed"; readonly from: string; readonly error: ErrorData };

/**
 * Every answer between processes: a failure travels as data. Comedy would carry an error's
 * message only, and would turn one without a message into a success.
 */
export type Reply =
  | { readonly ok: true; readonly value?: unknown }
  | { readonly ok: false; readonly error: ErrorData };

/** What of an error survives the way between processes. */
export interface ErrorData {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  readonly retry?: Retry;
}

export function toErrorData(thrown: unknown): ErrorData {
  if (!(thrown instanceof Error)) return { name: "Error", message: messageOf(thrown) };
  const { name, message, stack } = thrown;
  const failure = thrown instanceof FailureError ? thrown : undefined;
  return {
    name,
    message,
    ...(stack === undefined ? {} : { stack }),
    ...(failure === undefined ? {} : { code: failure.code, retry: failure.retry }),
  };
}

export function fromErrorData(data: ErrorData): Error {
  const code = askFailureCode(data.code);
  const error = code === undefined ? otherError(data) : new AskFailure(code, data.message);
  if (data.stack !== undefined) error.stack = data.stack;
  return error;
}

function otherError(data: ErrorData): Error {
  if (data.code !== undefined) {
    return new FailureError(data.code, data.message, { retry: data.retry ?? "unknown" });
  }
  const error = new Error(data.message);
  error.name = data.name;
  return error;
}

/** @throws the failure that the reply tells of. */
export function valueOf(reply: Reply): unknown {
  if (reply.ok) return reply.value;
  throw fromErrorData(reply.error);
}
