import { FailureError } from "../../runtime/errors.ts";
import { StoreFailure } from "../errors.ts";

/** An export or an import that cannot be carried out; the message is the one line its user gets. */
export class TransferRefusal extends FailureError {
  override readonly name = "TransferRefusal";

  constructor(message: string, cause?: unknown) {
    super("transfer-refused", message, { retry: "never", cause });
  }
}

/** Does what the database may refuse; its own words for that are meant for the user. */
export async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof StoreFailure) || thrown.fault !== "refused") throw thrown;
    throw new TransferRefusal(spoken(thrown), thrown);
  }
}

/** What was said, without the name of the call, which tells a user nothing. */
export function spoken({ message }: FailureError): string {
  return message.replace(/^hub_\w+: /, "");
}
