import { StoreFailure } from "./errors.ts";

/** What a user set that leads to a database. */
type Setting = "DATABASE_URL" | "SUPABASE_URL";

/** The server heard who it is, and said no. */
const LOGIN_REFUSED = new Set(["28P01", "28000", "http-401", "http-403"]);

/** PostgREST could not read the key's token: expired, or signed for another project. */
const TOKEN_REFUSED = /^PGRST30\d$/;

const NO_PRIVILEGE = "42501";

/** Node's codes for a certificate of an unknown signer, of another host, or past its time. */
const NOT_TRUSTED = /CERT|SELF_SIGNED|^UNABLE_TO_|^ERR_TLS/;

/**
 * Names the setting that a failed opening comes from: the message becomes the one line that a user
 * gets, so it says what to look at. What the server said stands behind it and holds no secret.
 */
export async function opening<T>(setting: Setting, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof StoreFailure)) throw thrown;
    const { fault, reason, message, cause } = thrown;
    const said = message.replace(/^[\w-]+: /, ""); // the name of the call tells a user nothing
    throw new StoreFailure(fault, reason, `${describe(setting, thrown)} (${said})`, cause);
  }
}

function describe(setting: Setting, { fault, reason }: StoreFailure): string {
  const isProject = setting === "SUPABASE_URL";
  if (LOGIN_REFUSED.has(reason) || TOKEN_REFUSED.test(reason)) {
    return isProject
      ? "SUPABASE_KEY is not accepted by the project that SUPABASE_URL names"
      : "the login of DATABASE_URL is not accepted";
  }
  if (reason === NO_PRIVILEGE) {
    return isProject
      ? "SUPABASE_KEY is not the service-role key: it may not call the hub's functions"
      : "the login of DATABASE_URL may not do what the hub needs";
  }
  if (NOT_TRUSTED.test(reason)) {
    return `the certificate of the server that ${setting} names is not trusted`;
  }
  return fault === "offline"
    ? `the server that ${setting} names cannot be reached`
    : `the database that ${setting} names cannot be used`;
}
