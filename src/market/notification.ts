/** What a notification is about; a channel may be told of some of them only. */
export const NOTIFICATION_KINDS = [
  "halt",
  "gap",
  "actor",
  "order",
  "fill",
  "position",
  "quotes",
  "store",
  "vault",
  "ledger",
  "lease",
  "configuration",
  "summary",
] as const;

type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** How soon somebody should look: when there is time, today, now. */
export const SEVERITIES = ["info", "warning", "critical"] as const;

type Severity = (typeof SEVERITIES)[number];

/** Something that happened, as people are told of it. */
export interface Notification {
  /** Names the fact: the same one is told once. */
  readonly key: string;
  readonly kind: NotificationKind;
  readonly severity: Severity;
  /** UTC ms on the hub's clock. */
  readonly at: number;
  /** One or a few lines of plain text. */
  readonly body: string;
}

/** Where notifications may be sent. */
export const CHANNEL_TYPES = ["telegram", "discord", "slack", "webhook"] as const;

type ChannelType = (typeof CHANNEL_TYPES)[number];

/** One place where people are told; its address or token is a secret by its name. */
export interface Channel {
  readonly name: string;
  readonly type: ChannelType;
  /** Telegram's chat. */
  readonly chatId?: string | undefined;
  readonly kinds: readonly NotificationKind[];
  readonly minSeverity: Severity;
}

/** Whether a channel wants to be told. */
export function wants({ kinds, minSeverity }: Channel, { kind, severity }: Notification): boolean {
  return kinds.includes(kind) && SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(minSeverity);
}
