import { FailureError } from "../runtime/errors.ts";

/** The hub will not start as it is asked to; the message is the one line its user gets. */
export class StartRefusal extends FailureError {
  override readonly name = "StartRefusal";
  constructor(message: string, cause?: unknown) {
    super("start-refused", message, { retry: "never", cause });
  }
}
