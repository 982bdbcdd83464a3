import { retryAfterMsOf } from "../../../exchanges/retry-after.ts";
import type { Channel, Notification } from "../../../market/notification.ts";
import type { Clock } from "../../../runtime/clock.ts";
import type { Secret } from "../../../runtime/secret.ts";
import { fitting, type Message, messageFor } from "./message.ts";
import type { Sender, SendOutcome } from "./sender.ts";

const TIMEOUT_MS = 10_000;
/** No answer that says when to come again is as long as this, bytes. */
const LONGEST_BODY = 4_096;
/** Malformed, or too long: another try would be the same. */
const REFUSED = new Set([400, 413, 422]);

/** Posts messages over HTTP. Follows no redirect, since its address holds a secret. */
export class HttpSender implements Sender {
  readonly fitting = fitting;
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
      return await outcomeOf(answer);
    } catch {
      // The error's own words may hold the address.
      const reason = abort.signal.aborted ? `no answer within ${TIMEOUT_MS} ms` : "not reached";
      return { kind: "later", reason };
    } finally {
      cancel();
    }
  }
}

async function outcomeOf(answer: Response): Promise<SendOutcome> {
  const { status, headers } = answer;
  const reason = `it answered ${status}`;
  const said = status === 429 ? await waitIn(answer) : undefined;
  await answer.body?.cancel().catch(() => undefined);
  if (status >= 200 && status < 300) return { kind: "taken" };
  if (REFUSED.has(status)) return { kind: "refused", reason };
  const afterMs = retryAfterMsOf(headers.get("retry-after") ?? undefined) ?? said;
  return { kind: "later", reason, ...(afterMs === undefined ? {} : { afterMs }) };
}

/** Telegram says in the body for how long: https://core.telegram.org/bots/api#responseparameters */
async function waitIn({ headers, body }: Response): Promise<number | undefined> {
  if (body === null || Number(headers.get("content-length") ?? LONGEST_BODY) >= LONGEST_BODY)
    return;
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(Buffer.from(chunk));
  const seconds = /"retry_after":\s*(\d{1,6})\b/.exec(Buffer.concat(chunks).toString("utf8"))?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}
