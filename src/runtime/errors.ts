/**
 * Whether trying again can help: `never` (the same call fails again), `later` (it may pass),
 * `unknown` (the call may have worked; find out before doing it again).
 */
export type Retry = "never" | "later" | "unknown";

/** A failure with a stable code. Thrown, and answered by a supervisor or by the caller's retry. */
export class FailureError extends Error {
  override readonly name: string = "FailureError";
  readonly code: string;
  readonly retry: Retry;

  constructor(code: string, message: string, options: { retry: Retry; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retry = options.retry;
  }
}

/** The message of whatever was thrown, on one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
  return text.replaceAll(/\s+/g, " ").trim();
}
