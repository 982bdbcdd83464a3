import { retryAfterMsOf } from "../../../exchanges/retry-after.ts";
import type { Channel, Notification } from "../../../market/notification.ts";
import type { Clock } from "../../../runtime/clock.ts";
import type { Secret } from "../../../runtime/secret.ts";
import { type Message, messageFor } from "./message.ts";
import type { Sender, SendOutcome } from "./sender.ts";

const TIMEOUT_MS = 10_000;
/** Malformed, or too long: another try would be the same. */
const REFUSED = new Set([400, 413, 422]);

/** Posts messages over HTTP. Follows no redirect, since its address holds a secret. */
export class HttpSender implements Sender {
  readonly #machineClock: Clock;

  constructor(machineClock: Clock) {
    this.#machineClock = machineClock;
  }

  async send(
    channel: Channel,
    address: Secret,
    notifications: readonly Notification[],
  ): Promise<SendOutcome> {
    let message: Message;
    try {
      message = address.use((text) => messageFor(channel, text.trim(), notifications));
    } catch {
      // What is wrong with it may be told by its own words only in part: it is a secret.
      return { kind: "later", reason: "its address is none: https, or http on loopback" };
    }
    return this.#post(message);
  }

  async #post({ url, headers, body }: Message): Promise<SendOutcome> {
    const abort = new AbortController();
    const cancel = this.#machineClock.after(TIMEOUT_MS, () => abort.abort());
    try {
      const { signal } = abort;
      const answer = await fetch(url, {
        method: "POST",
        headers,
        body,
        signal,
        redirect: "manual",
      });
      await answer.body?.cancel();
      return outcomeOf(answer);
    } catch {
      // The error's own words may hold the address.
      const reason = abort.signal.aborted ? `no answer within ${TIMEOUT_MS} ms` : "not reached";
      return { kind: "later", reason };
    } finally {
      cancel();
    }
  }
}

function outcomeOf({ status, headers }: Response): SendOutcome {
  if (status >= 200 && status < 300) return { kind: "taken" };
  const reason = `it answered ${status}`;
  if (REFUSED.has(status)) return { kind: "refused", reason };
  const afterMs = retryAfterMsOf(headers.get("retry-after") ?? undefined);
  return { kind: "later", reason, ...(afterMs === undefined ? {} : { afterMs }) };
}
