import { Secret } from "../runtime/secret.ts";
import { ENV_NAMES, SECRET_SETTINGS } from "./settings.ts";

/** Variables by their names; empty values count as unset. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The environment as the hub reads it: what may be seen, and apart from it what may not. */
export interface Environment {
  readonly text: Variables;
  readonly secrets: ReadonlyMap<string, Secret>;
}

/** Secrets whose names are fixed. OANDA's environment is none, but a part of its secret. */
const NAMED: ReadonlySet<string> = new Set([
  ...[...SECRET_SETTINGS].map((key) => ENV_NAMES[key]),
  "HUB_TOKEN",
  "PGPASSWORD",
  "OANDA_ACCOUNT_ID",
  "OANDA_ENVIRONMENT",
]);

/**
 * Keys of an exchange, whichever it is, and what channels of notifications are reached by. One name
 * of that form is a service manager's.
 */
const SHAPED = /_(API_KEY|API_SECRET|PASSWORD)$|^NOTIFY_(?!SOCKET$)/;

/** Tells the secrets among variables by their names, and wraps them. */
export function sortVariables(variables: Variables): Environment {
  const text: Record<string, string> = {};
  const secrets = new Map<string, Secret>();
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined || value === "") continue;
    if (isSecret(name)) secrets.set(name, new Secret(value));
    else text[name] = value;
  }
  return { text, secrets };
}

/**
 * Takes the process's environment, the only place that does. Its secrets are gone from there
 * afterwards: whoever starts a child, writes a diagnostic report or asks again does not see them.
 */
export function takeEnvironment(): Environment {
  const environment = sortVariables(process.env);
  for (const name of Object.keys(process.env)) {
    if (isSecret(name)) delete process.env[name];
  }
  // Newer versions of Node can leave the rest out of their reports as well.
  Object.assign(process.report, { excludeEnv: true });
  return environment;
}

function isSecret(name: string): boolean {
  return NAMED.has(name) || SHAPED.test(name);
}
