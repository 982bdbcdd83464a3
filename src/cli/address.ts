import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../config/env.ts";
import { loadSettings } from "../config/load.ts";
import { Secret } from "../runtime/secret.ts";
import { CliRefusal } from "./refusal.ts";

/** Where the running hub is, and what proves that we may ask. */
export interface Address {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: Secret | undefined;
  /** Where the token was looked for; said when the hub wants one. */
  readonly tokenHint: string;
}

/** The name under which the hub leaves its operator token in the data folder. */
const TOKEN_FILE = "operator.token";

/** A hub that listens everywhere is reached on this machine. */
const EVERYWHERE: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/**
 * Finds the hub: `HUB_URL`, else the host and port it is set to; the token from `HUB_TOKEN`, else
 * from the data folder. The file's token belongs to the hub of this machine, so it is not sent to
 * another one that `HUB_URL` names.
 * @throws CliRefusal for an address that cannot be one; StartRefusal for bad settings.
 */
export function findHub(environment: Environment): Address {
  const { settings } = loadSettings(environment);
  const asked = environment.text["HUB_URL"];
  const url = asked === undefined ? urlOf(settings.host, settings.port) : checked(asked);
  const file = join(settings.dataDir, TOKEN_FILE);
  const given = environment.secrets.get("HUB_TOKEN");
  if (given !== undefined) return { url, token: trimmed(given), tokenHint: "HUB_TOKEN" };
  if (asked !== undefined && !isThisMachine(asked)) {
    return { url, token: undefined, tokenHint: "set HUB_TOKEN for a hub on another machine" };
  }
  return { url, token: readToken(file), tokenHint: `set HUB_TOKEN, or make ${file} readable` };
}

function urlOf(host: string, port: number): string {
  if (port === 0) throw new CliRefusal("PORT is 0, so the hub's port is unknown: set HUB_URL");
  const name = EVERYWHERE[host] ?? host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${String(port)}`;
}

function checked(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new CliRefusal("HUB_URL is not an address such as http://127.0.0.1:5000");
  }
  return text.replace(/\/+$/, "");
}

function isThisMachine(url: string): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(new URL(url).hostname);
}

/** Undefined when nothing but space is there. */
function trimmed(token: Secret): Secret | undefined {
  return token.use((text) => (text.trim() === "" ? undefined : new Secret(text.trim())));
}

function readToken(file: string): Secret | undefined {
  try {
    return trimmed(new Secret(readFileSync(file, "utf8")));
  } catch {
    // No hub has run here yet, or it is another user's: the hub's own answer will say so.
    return undefined;
  }
}
