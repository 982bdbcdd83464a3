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

/**
 * Writes notifications as a channel wants them, several in one message.
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
      const text = textOf(notifications, LONGEST.telegram);
      return json(`${base.replace(/\/+$/, "")}/sendMessage`, { chat_id: channel.chatId, text });
    }
    case "discord": {
      const content = textOf(notifications, LONGEST.discord);
      // Nobody is called by what a strategy or an exchange happens to say.
      return json(address, { content, allowed_mentions: { parse: [] } });
    }
    case "slack":
      return json(address, { text: escaped(textOf(notifications, LONGEST.slack / 2)) });
    case "webhook": {
      const facts = notifications.map(({ key, kind, severity, at, body }) => {
        return { key, kind, severity, at: new Date(at).toISOString(), body };
      });
      const keys = notifications.map(({ key }) => key).join("\n");
      const id = createHash("sha256").update(`${channel.name}\n${keys}`).digest("hex");
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

/** A line each, worst first word; what does not fit is counted. */
function textOf(notifications: readonly Notification[], longest: number): string {
  const lines = notifications.map(({ severity, at, body }) => {
    const mark = severity === "info" ? "" : `${severity.toUpperCase()} `;
    return `${mark}${body} (${new Date(at).toISOString().slice(0, 16)}Z)`;
  });
  let text = "";
  for (const [index, line] of lines.entries()) {
    const rest = `\n… and ${lines.length - index} more`;
    const next = text === "" ? line : `${text}\n${line}`;
    if (next.length + rest.length > longest) {
      return text === "" ? `${line.slice(0, longest - 1)}…` : text + rest;
    }
    text = next;
  }
  return text;
}

/** Slack reads these three as markup: https://api.slack.com/reference/surfaces/formatting#escaping */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
