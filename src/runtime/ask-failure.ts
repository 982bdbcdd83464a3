import { FailureError, type Retry } from "./errors.ts";

/** Why an ask brought no answer. */
export type AskFailureCode =
  | "ask-timeout"
  | "mailbox-full"
  | "actor-stopped"
  | "handler-failed"
  | "aborted"
  | "unknown-topic";

/** `unknown` wherever the handler may have run, or may still run. */
const retryOf: Record<AskFailureCode, Retry> = {
  "ask-timeout": "unknown",
  "mailbox-full": "later",
  "actor-stopped": "later",
  "handler-failed": "unknown",
  aborted: "unknown",
  "unknown-topic": "never",
};

/** An ask that brought no answer. Its cause is what the handler threw, or why the caller aborted. */
export class AskFailure extends FailureError {
  override readonly name = "AskFailure";
  declare readonly code: AskFailureCode;

  constructor(code: AskFailureCode, message: string, cause?: unknown) {
    super(code, message, { retry: retryOf[code], cause });
  }
}

/** The code if it is one, for answers that came from another process. */
export function askFailureCode(code: unknown): AskFailureCode | undefined {
  return typeof code === "string" && Object.hasOwn(retryOf, code)
    ? (code as AskFailureCode)
    : undefined;
}
