import type pg from "pg";
import { parseIntoClientConfig } from "pg-connection-string";
import { StartRefusal } from "../../config/refusal.ts";
import { messageOf } from "../../runtime/errors.ts";
import { Secret } from "../../runtime/secret.ts";

const FORM =
  "DATABASE_URL is not of the form postgresql://user:password@host:5432/name (write special characters of the password as %40 and the like)";

/** The transaction pooler of Supabase: no prepared statements, no session, no advisory locks. */
const TRANSACTION_POOLER_PORT = 6543;

/**
 * What a connection string says, its password left out.
 * @throws StartRefusal for a string that is no PostgreSQL URL or names the transaction pooler.
 */
export function readDatabaseUrl(url: Secret): pg.ClientConfig {
  const { password: _, ...config } = url.use(parsed);
  if (config.port === TRANSACTION_POOLER_PORT) {
    throw new StartRefusal(
      "DATABASE_URL names the transaction pooler (port 6543), which keeps no sessions: use the session pooler (port 5432) or a direct connection",
    );
  }
  const parts = Object.entries(config).map(([name, value]) => [name, detached(value)]);
  return Object.fromEntries(parts) as pg.ClientConfig;
}

/** The password in a connection string, if there is one. @throws StartRefusal as above. */
export function passwordOf(url: Secret): Secret | undefined {
  const { password } = url.use(parsed);
  return typeof password === "string" && password !== "" ? new Secret(password) : undefined;
}

/**
 * Reads a URL as its writer meant it. No part of it appears in a refusal, nor does the error of
 * whoever could not read it: one part is a password.
 */
function parsed(text: string): ReturnType<typeof parseIntoClientConfig> {
  // An @ behind the host means that a password with / ? or # in it was taken for the host's end.
  if (!/^postgres(ql)?:\/\/[^/?#]*([/?][^@#]*)?$/.test(text)) throw new StartRefusal(FORM);
  // These words mean verify-full to `pg`, which prints five lines of warning at each.
  const url = text.includes("uselibpqcompat=true")
    ? text
    : text.replace(/([?&]sslmode=)(prefer|require|verify-ca)\b/, "$1verify-full");
  try {
    return parseIntoClientConfig(url);
  } catch (thrown) {
    const isFile = thrown instanceof Error && "syscall" in thrown; // a certificate named in the URL
    throw new StartRefusal(isFile ? `DATABASE_URL: ${messageOf(thrown)}` : FORM);
  }
}

/** A piece cut out of a text holds on to all of it: the piece on its own. */
function detached(value: unknown): unknown {
  return typeof value === "string" ? Buffer.from(value).toString() : value;
}
