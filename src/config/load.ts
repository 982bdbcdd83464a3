import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { z } from "zod";
import { crossCheck } from "./cross-check.ts";
import type { Environment } from "./env.ts";
import { StartRefusal } from "./refusal.ts";
import { ENV_NAMES, SECRET_SETTINGS, type Settings, settingsSchema } from "./settings.ts";

/** Where a setting came from. */
export type Origin = "default" | "file" | "environment";

export interface LoadedSettings {
  readonly settings: Settings;
  readonly origins: Readonly<Record<keyof Settings, Origin>>;
  /** The settings file read, if any. */
  readonly file: string | undefined;
}

type Key = keyof Settings;
const KEYS = Object.keys(ENV_NAMES) as Key[];

/**
 * Reads the settings: defaults, over them the YAML file that `HUB_CONFIG` names, over it the
 * environment. Secrets are refused in the file.
 * @throws StartRefusal naming the key and what is wrong with it.
 */
export function loadSettings(environment: Environment): LoadedSettings {
  const file = environment.text["HUB_CONFIG"];
  const fromFile = file === undefined ? {} : readFile(file);
  const fromEnvironment: Partial<Record<Key, unknown>> = {};
  for (const key of KEYS) {
    const name = ENV_NAMES[key];
    const secret = environment.secrets.get(name);
    if (secret !== undefined) fromEnvironment[key] = secret;
    const text = environment.text[name];
    if (text !== undefined) fromEnvironment[key] = readText(key, text);
  }
  const merged = { ...fromFile, ...fromEnvironment };
  const result = settingsSchema.safeParse(merged);
  if (!result.success) throw refusal(result.error, fromEnvironment, file);
  crossCheck(result.data);
  const origins = Object.fromEntries(
    KEYS.map((key) => [key, originOf(key, fromFile, fromEnvironment)]),
  ) as Record<Key, Origin>;
  return { settings: result.data, origins, file };
}

/** The settings as `hub config` prints them: each with its env name and origin, secrets hidden. */
export function describeSettings(loaded: LoadedSettings): readonly {
  readonly key: string;
  readonly env: string;
  readonly origin: Origin;
  readonly value: unknown;
}[] {
  return KEYS.map((key) => ({
    key,
    env: ENV_NAMES[key],
    origin: loaded.origins[key],
    value:
      SECRET_SETTINGS.has(key) && loaded.settings[key] !== undefined
        ? "<redacted>"
        : (loaded.settings[key] ?? null),
  }));
}

function originOf(key: Key, file: object, environment: object): Origin {
  if (Object.hasOwn(environment, key)) return "environment";
  return Object.hasOwn(file, key) ? "file" : "default";
}

function readFile(path: string): Readonly<Record<string, unknown>> {
  let content: unknown;
  try {
    content = parse(readFileSync(path, "utf8")) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    throw new StartRefusal(`settings file ${path}: ${reason}`);
  }
  if (content === null) return {};
  if (typeof content !== "object" || Array.isArray(content)) {
    throw new StartRefusal(`settings file ${path}: must hold keys and values`);
  }
  for (const key of SECRET_SETTINGS) {
    if (Object.hasOwn(content, key)) {
      throw new StartRefusal(
        `settings file ${path}: ${key} is secret, set ${ENV_NAMES[key]} instead`,
      );
    }
  }
  return content as Record<string, unknown>;
}

const NUMBERS: ReadonlySet<Key> = new Set<Key>([
  "port",
  "speed",
  "sandboxExtraPairs",
  "leaseTtlMs",
  "snapshotIntervalSeconds",
  "pollDelayMs",
  "pollConcurrency",
  "exchangeDeadlineMs",
  "forkSilenceMs",
  "historyCandles",
  "paperCash",
  "secretLeaseSeconds",
  "configSeconds",
  "maxConfigAgeSeconds",
  "requestsPerMinute",
  "summaryHour",
]);
const STRUCTURED: ReadonlySet<Key> = new Set<Key>([
  "sandboxFaults",
  "portfolios",
  "strategies",
  "limits",
  "automaticHalts",
  "retention",
  "chattyAllow",
  "corsOrigins",
  "notifications",
]);

/** The environment holds text alone: numbers, switches and JSON are read by the setting's kind. */
function readText(key: Key, text: string): unknown {
  if (NUMBERS.has(key)) return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (key === "forkHarvesters") {
    return { true: true, "1": true, false: false, "0": false }[text.toLowerCase()] ?? text;
  }
  if (!STRUCTURED.has(key)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new StartRefusal(`setting ${ENV_NAMES[key]}: is not valid JSON`);
  }
}

function refusal(error: z.ZodError, environment: object, file: string | undefined): StartRefusal {
  const issue = error.issues[0];
  if (issue?.code === "unrecognized_keys" && issue.path.length === 0) {
    return new StartRefusal(`settings file ${file ?? ""}: unknown key ${issue.keys.join(", ")}`);
  }
  const [first, ...rest] = issue?.path ?? [];
  const key = String(first) as Key;
  const where = Object.hasOwn(environment, key)
    ? `setting ${ENV_NAMES[key]}`
    : `settings file ${file ?? ""}: ${key}`;
  const inside = rest.length > 0 ? ` at ${rest.join(".")}` : "";
  return new StartRefusal(`${where}${inside}: ${issue?.message ?? "invalid"}`);
}
