import { z } from "zod";
import { CHANNEL_TYPES, NOTIFICATION_KINDS, SEVERITIES } from "../market/notification.ts";
import { isExchangeId, isPair, normalisePair } from "../market/series.ts";
import { TIMEFRAMES } from "../market/timeframe.ts";
import { Secret } from "../runtime/secret.ts";
import { retentionSchema } from "./retention.ts";

/** Every order's fill is much: whoever wants them says so. */
const ALL_BUT_FILLS = NOTIFICATION_KINDS.filter((kind) => kind !== "fill");

const timeframe = z.enum(TIMEFRAMES);
const exchange = z.string().refine(isExchangeId, "an exchange id is lower-case letters and digits");
const pair = z
  .string()
  .transform(normalisePair)
  .refine(isPair, "a pair is written BASE/QUOTE, e.g. BTC/USDT");

const portfolio = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, "lower-case letters, digits, - and _"),
  exchange: exchange.default("binance"),
  pairs: z.array(pair).min(1),
  timeframes: z.array(timeframe).min(1),
});

const strategy = z.strictObject({
  id: z.string(),
  /** Checked by the strategy's own schema. */
  parameters: z.record(z.string(), z.unknown()).default({}),
  /** Where it runs; everywhere when left out. */
  timeframes: z.array(timeframe).min(1).optional(),
});

/** A place where people are told; what it is reached by is a secret by the channel's name. */
const channel = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,38}$/, "lower-case letters, digits and -"),
    type: z.enum(CHANNEL_TYPES),
    /** Telegram's: a number, or the name of a public channel with its @. */
    chatId: z.string().min(1).max(100).optional(),
    kinds: z.array(z.enum(NOTIFICATION_KINDS)).min(1).default(ALL_BUT_FILLS),
    minSeverity: z.enum(SEVERITIES).default("info"),
  })
  .refine(({ name }) => name !== "socket", {
    error: "no channel can be called socket: NOTIFY_SOCKET is what a service manager listens at",
  })
  .refine(({ type, chatId }) => (type === "telegram") === (chatId !== undefined), {
    error: "chatId belongs to telegram, and telegram needs it",
  });

const url = z.url({ protocol: /^https?$/ });

/** Wrapped before it gets here: no text, so no message about it can hold one. */
const secret = z.instanceof(Secret, { error: "is not wrapped" });

/** As browsers write it: scheme, host and port, nothing behind them. */
const webOrigin = z
  .string()
  .refine((text) => URL.canParse(text) && new URL(text).origin === text, "is not an origin");

/** Keys that come in the clear could be anybody's. */
function isPrivateOnTheWay(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || ["127.0.0.1", "[::1]", "localhost"].includes(hostname);
}

const automaticHalt = z
  .enum(["off", "no-entries", "reduce-only", "flatten"])
  .default("reduce-only");

/** Every setting: its shape, its unit by its name, its default. */
export const settingsSchema = z.strictObject({
  mode: z.enum(["sandbox", "paper", "live"]).default("sandbox"),
  host: z.string().min(1).default("127.0.0.1"),
  /** 0 picks a free port. */
  port: z.int().min(0).max(65_535).default(5000),
  dataDir: z.string().min(1).default("./data"),
  logLevel: z.enum(["trace", "debug", "info", "warn", "error", "fatal"]).default("info"),
  /** How many times faster than the machine's clock the hub and the sandbox market run. */
  speed: z.number().positive().max(3_600).default(1),
  replayDir: z.string().min(1).optional(),
  /** The recorded instant that plays as "now"; chosen by the sandbox when left out. */
  replayAt: z.iso.datetime({ offset: true }).optional(),
  /** Which synthetic market the sandbox plays. */
  sandboxSeed: z.string().min(1).max(100).default("oracle"),
  /** Further made-up pairs in the sandbox, for load tests. */
  sandboxExtraPairs: z.int().min(0).max(5_000).default(0),
  /** What goes wrong at the sandbox exchange, on purpose; checked by its own schema. */
  sandboxFaults: z
    .union([z.array(z.unknown()), z.record(z.string(), z.unknown())], {
      error: "is a list of rules, or an object with a seed",
    })
    .default([]),
  databaseUrl: secret.optional(),
  supabaseUrl: url.optional(),
  supabaseKey: secret.optional(),
  /** Origin of the VVAULT server; without it the hub runs a vault of its own. */
  vvaultUrl: url.optional(),
  vvaultServiceToken: secret.optional(),
  /** Holds the keys of the hub's own vault; `vault/vault.key` in the data folder when left out. */
  vaultKeyFile: z.string().min(1).optional(),
  /** Holds the passphrase of the hub's own vault, in place of a key file. */
  vaultPassphraseFile: z.string().min(1).optional(),
  /** How long a secret is lent, and how long one serves while the vault is away. */
  secretLeaseSeconds: z.int().min(10).max(86_400).default(900),
  /** How often the vault is asked which strategies shall run. */
  configSeconds: z.int().min(5).max(86_400).default(60),
  /** New positions are opened only while the vault confirmed strategies and limits this lately. */
  maxConfigAgeSeconds: z.int().min(60).max(31_536_000).default(86_400),
  /**
   * How long a lease outlives a hub that does not prolong it, ms: the longest time nobody polls or
   * trades after a hub has died, and the longest outage of the database that changes nothing.
   */
  leaseTtlMs: z.int().min(3_000).max(300_000).default(15_000),
  strategiesDir: z.string().min(1).optional(),
  snapshotIntervalSeconds: z.int().min(1).max(86_400).default(60),
  /** How long after a close the first poll goes out; venues need a moment to write the candle. */
  pollDelayMs: z.int().min(0).max(60_000).default(5_000),
  /** Most sockets open to one exchange at once. */
  pollConcurrency: z.int().min(1).max(256).default(20),
  /** Limit of one exchange call, body included, machine ms. */
  exchangeDeadlineMs: z.int().min(100).max(120_000).default(10_000),
  /** Least candles an analyst has behind it; more when its strategies ask for it. */
  historyCandles: z.int().min(50).max(5_000).default(500),
  /** Run each exchange's harvester in a process of its own. */
  forkHarvesters: z.boolean().default(false),
  /** How long such a process may leave a heartbeat unanswered before it is replaced, machine ms. */
  forkSilenceMs: z.int().min(500).max(60_000).default(1_500),
  /** Cash of the paper account at its first start, quote currency. */
  paperCash: z.number().positive().default(10_000),
  paperCurrency: z
    .string()
    .regex(/^[A-Z0-9]{2,20}$/)
    .default("USDT"),
  /** Followed at the very first start; later the store knows. */
  portfolios: z.array(portfolio).default([
    {
      name: "default",
      exchange: "binance",
      pairs: ["BTC/USDT", "ETH/USDT"],
      timeframes: ["1m", "5m", "15m", "1h"],
    },
  ]),
  strategies: z.array(strategy).default([
    { id: "ema-cross", parameters: {} },
    { id: "rsi-reversion", parameters: {} },
    { id: "macd-adx-trend", parameters: {} },
    { id: "bollinger-breakout", parameters: {} },
    { id: "momentum", parameters: {} },
  ]),
  /** Limits of the Gatekeeper; see docs/gatekeeper.md. Checked by its own schema. */
  limits: z.record(z.string(), z.unknown()).default({}),
  /** How far the hub goes by itself when it finds a danger; `off` leaves it to people. */
  automaticHalts: z
    .strictObject({
      dailyLoss: automaticHalt,
      drawdown: automaticHalt,
      staleData: automaticHalt,
      clockSkew: automaticHalt,
    })
    .prefault({}),
  /** How many days what is kept, checked against what the analysts need; see docs/retention.md. */
  retention: retentionSchema.prefault({}),
  /** Addresses that may read Chatty's paths when the hub listens on more than loopback. */
  chattyAllow: z.array(z.string()).default(["127.0.0.1", "::1"]),
  /** Origins whose pages may read the API from a browser; none when empty. */
  corsOrigins: z.array(webOrigin).default([]),
  /**
   * Whose signed-in users are let in: the issuer of their JWTs, whose keys lie at
   * `<issuer>/.well-known/jwks.json`. Of a Supabase project `https://<project>.supabase.co/auth/v1`.
   */
  jwtIssuer: z
    .url({ protocol: /^https?$/, error: "is not the address of an issuer" })
    .transform((url) => url.replace(/\/+$/, ""))
    .refine(isPrivateOnTheWay, "must be https, or on loopback")
    .optional(),
  /** Dozens of dashboards behind one address, an operator's script adding a thousand pairs: all pass. */
  requestsPerMinute: z.int().min(60).max(10_000_000).default(12_000),
  /** Where people are told of what happens; see docs/notifications.md. */
  notifications: z
    .array(channel)
    .max(20)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
      error: "two channels have one name",
    })
    .default([]),
  /** Of the UTC day, from which on the day before is summed up. */
  summaryHour: z.int().min(0).max(23).default(0),
});

export type Settings = z.infer<typeof settingsSchema>;

/** Env name of each setting that is a single value. Lists and objects are JSON there. */
export const ENV_NAMES: Readonly<Record<keyof Settings, string>> = {
  mode: "HUB_MODE",
  host: "HOST",
  port: "PORT",
  dataDir: "HUB_DATA_DIR",
  logLevel: "LOG_LEVEL",
  speed: "HUB_SPEED",
  replayDir: "HUB_REPLAY_DIR",
  replayAt: "HUB_REPLAY_AT",
  sandboxSeed: "HUB_SANDBOX_SEED",
  sandboxExtraPairs: "HUB_SANDBOX_EXTRA_PAIRS",
  sandboxFaults: "HUB_SANDBOX_FAULTS",
  databaseUrl: "DATABASE_URL",
  supabaseUrl: "SUPABASE_URL",
  supabaseKey: "SUPABASE_KEY",
  vvaultUrl: "VVAULT_URL",
  vvaultServiceToken: "VVAULT_SERVICE_TOKEN",
  vaultKeyFile: "HUB_VAULT_KEY_FILE",
  vaultPassphraseFile: "HUB_VAULT_PASSPHRASE_FILE",
  secretLeaseSeconds: "HUB_SECRET_LEASE_SECONDS",
  configSeconds: "HUB_CONFIG_SECONDS",
  maxConfigAgeSeconds: "HUB_MAX_CONFIG_AGE_SECONDS",
  leaseTtlMs: "HUB_LEASE_TTL_MS",
  strategiesDir: "HUB_STRATEGIES_DIR",
  snapshotIntervalSeconds: "SNAPSHOT_INTERVAL_SECONDS",
  pollDelayMs: "HUB_POLL_DELAY_MS",
  pollConcurrency: "HUB_POLL_CONCURRENCY",
  exchangeDeadlineMs: "HUB_EXCHANGE_DEADLINE_MS",
  historyCandles: "HUB_HISTORY_CANDLES",
  forkHarvesters: "HUB_FORK_HARVESTERS",
  forkSilenceMs: "HUB_FORK_SILENCE_MS",
  paperCash: "HUB_PAPER_CASH",
  paperCurrency: "HUB_PAPER_CURRENCY",
  portfolios: "HUB_PORTFOLIOS",
  strategies: "HUB_STRATEGIES",
  limits: "HUB_LIMITS",
  automaticHalts: "HUB_AUTOMATIC_HALTS",
  retention: "HUB_RETENTION",
  chattyAllow: "HUB_CHATTY_ALLOW",
  corsOrigins: "HUB_CORS_ORIGINS",
  jwtIssuer: "HUB_JWT_ISSUER",
  requestsPerMinute: "HUB_REQUESTS_PER_MINUTE",
  notifications: "HUB_NOTIFICATIONS",
  summaryHour: "HUB_SUMMARY_HOUR",
};

/** Settings that nobody may see: wrapped, refused in the settings file, hidden by `hub config`. */
export const SECRET_SETTINGS: ReadonlySet<keyof Settings> = new Set([
  "databaseUrl",
  "supabaseKey",
  "vvaultServiceToken",
]);
