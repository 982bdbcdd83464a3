import type { SecretName } from "../lease.ts";

/** The parts of a secret, by the names its users know. A part may be absent at the vault. */
export interface SecretShape {
  /** Key at the vault and name in the environment, by part. */
  readonly keys: Readonly<Record<string, string>>;
  /** Parts without which the secret is not there. */
  readonly required: readonly string[];
  /** Key of one JSON text that holds all parts; asked for when the single keys are absent. */
  readonly together?: string;
}

const OANDA: SecretShape = {
  keys: {
    apiKey: "OANDA_API_KEY",
    accountId: "OANDA_ACCOUNT_ID",
    environment: "OANDA_ENVIRONMENT",
  },
  required: ["apiKey", "accountId"],
  together: "broker:oanda",
};

/**
 * Which keys make up a secret: SUPABASE_KEY for the store, OANDA's three for OANDA, `NOTIFY_<CHANNEL>`
 * for what a channel of notifications is reached by, and
 * `<EXCHANGE>_API_KEY`, `_API_SECRET` and, where a venue has one, `_PASSWORD` for every other venue.
 */
export function shapeOf(name: SecretName): SecretShape {
  if (name === "store") return { keys: { key: "SUPABASE_KEY" }, required: ["key"] };
  if (name.startsWith("notify:")) {
    return { keys: { address: notifyKey(name.slice("notify:".length)) }, required: ["address"] };
  }
  const venue = name.slice(name.indexOf(":") + 1);
  if (venue === "oanda") return OANDA;
  const prefix = venue.toUpperCase();
  return {
    keys: {
      apiKey: `${prefix}_API_KEY`,
      apiSecret: `${prefix}_API_SECRET`,
      password: `${prefix}_PASSWORD`,
    },
    required: ["apiKey", "apiSecret"],
    together: `broker:${venue}`,
  };
}

/** The key of a channel's token or address: `NOTIFY_OPS` of the channel `ops`. */
function notifyKey(channel: string): string {
  return `NOTIFY_${channel.toUpperCase().replaceAll("-", "_")}`;
}

/** How a part is written in the one JSON text. */
const WRITTEN_AS: Readonly<Record<string, readonly string[]>> = {
  apiKey: ["api_key", "apiKey"],
  apiSecret: ["api_secret", "secret_key", "secret", "apiSecret"],
  accountId: ["account_id", "accountId"],
  environment: ["environment"],
  password: ["password", "passphrase"],
};

/** Takes the one JSON text apart; undefined when it is none, or a required part is missing. */
export function readTogether(
  shape: SecretShape,
  text: string,
): Readonly<Record<string, string>> | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof read !== "object" || read === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(read));
  const parts: Record<string, string> = {};
  for (const part of Object.keys(shape.keys)) {
    const value = (WRITTEN_AS[part] ?? [part]).map((name) => fields.get(name)).find(isText);
    if (value !== undefined) parts[part] = value;
  }
  return shape.required.every((part) => part in parts) ? parts : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
