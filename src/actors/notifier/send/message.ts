import { createHash } from "node:crypto";
import type { Channel, Notification } from "../../../market/notification.ts";

/** A request as a channel wants it. */
export interface Message {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Most characters of a message: https://core.telegram.org/bots/api#sendmessage, Discord's and Slack's documents. */
const LONGEST = { telegram: 4_096, discord: 2_000, slack: 4_000 } as const;

/** Slack's escapes can make a text longer, as a rule by little: half of its limit is kept for them. */
function longestOf(type: keyof typeof LONGEST): number {
  return type === "slack" ? LONGEST.slack / 2 : LONGEST[type];
}

/**
 * How many of some notifications go into one message, from the first on: what does not fit is told in
 * the next. A webhook gets each by itself, so that its key is always the same.
 */
export function fitting({ type }: Channel, notifications: readonly Notification[]): number {
  if (type === "webhook") return Math.min(1, notifications.length);
  let length = 0;
  const over = notifications.findIndex((one, index) => {
    length += lineOf(one).length + 1;
    return index > 0 && length > longestOf(type);
  });
  return over === -1 ? notifications.length : over;
}

/**
 * Writes notifications as a channel wants them, several in one message as far as they are
 * {@link fitting}.
 * @param address a bot's token, or an address; of Telegram also `<origin>/bot<token>` of a server of one's own.
 * @throws TypeError when the address is none, or would travel in the clear.
 */
export function messageFor(
  channel: Channel,
  address: string,
  notifications: readonly Notification[],
): Message {
  switch (channel.type) {
    case "telegram": {
      const base = /^https?:/.test(address) ? address : `https://api.telegram.org/bot${address}`;
      const text = textOf(notifications, longestOf("telegram"));
      return json(`${base.replace(/\/+$/, "")}/sendMessage`, { chat_id: channel.chatId, text });
    }
    case "discord": {
      const content = textOf(notifications, longestOf("discord"));
      // Nobody is called by what a strategy or an exchange happens to say.
      return json(address, { content, allowed_mentions: { parse: [] } });
    }
    case "slack":
      return json(address, { text: escaped(textOf(notifications, longestOf("slack"))) });
    case "webhook": {
      const facts = notifications.map(({ key, kind, severity, at, body }) => {
        return { key, kind, severity, at: new Date(at).toISOString(), body };
      });
      // Of all that is told: keys of facts are those of one database, and a receiver may serve several.
      const told = JSON.stringify([channel.name, facts]);
      const id = createHash("sha256").update(told).digest("hex");
      return json(address, { notifications: facts }, { "idempotency-key": id });
    }
  }
}

function json(address: string, body: object, headers: Record<string, string> = {}): Message {
  const url = new URL(address);
  const isLoopback = ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback)) {
    throw new TypeError("the address must be https, or on loopback");
  }
  const type = { "content-type": "application/json" };
  return { url, headers: { ...type, ...headers }, body: JSON.stringify(body) };
}

function lineOf({ severity, at, body }: Notification): string {
  const mark = severity === "info" ? "" : `${severity.toUpperCase()} `;
  return `${mark}${body} (${new Date(at).toISOString().slice(0, 16)}Z)`;
}

/** A line each; one that is too long by itself is cut. */
function textOf(notifications: readonly Notification[], longest: number): string {
  const text = notifications.map(lineOf).join("\n");
  if (text.length <= longest) return text;
  // Not between the halves of a character.
  return `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** Slack reads these three as markup: https://api.slack.com/reference/surfaces/formatting#escaping */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
