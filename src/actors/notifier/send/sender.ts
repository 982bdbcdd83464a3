import type { Channel, Notification } from "../../../market/notification.ts";
import type { Secret } from "../../../runtime/secret.ts";

/** What became of a message. Never names an address or a token. */
export type SendOutcome =
  | { readonly kind: "taken" }
  /** It may go better later; `afterMs` when the other side said when. */
  | { readonly kind: "later"; readonly reason: string; readonly afterMs?: number }
  /** It will not be taken as it is. */
  | { readonly kind: "refused"; readonly reason: string };

/** Sends messages to where people read them. */
export interface Sender {
  /** How many of some notifications go into one message, from the first on. */
  fitting(channel: Channel, notifications: readonly Notification[]): number;
  /** @param address what the channel is reached by: a bot's token or an address with its own token. */
  send(
    channel: Channel,
    address: Secret,
    notifications: readonly Notification[],
  ): Promise<SendOutcome>;
}
