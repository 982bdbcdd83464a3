import { fieldsOf, isFields } from "../narrow.ts";
import { retryAfterMsOf } from "../retry-after.ts";
import { scrub } from "../scrub.ts";
import { TransportError } from "../transport/errors.ts";
import type { Answer } from "../transport/request-once.ts";
import type { Transport } from "../transport/transport.ts";
import { KEY_NAMES, type OandaAccount } from "./account.ts";
import { OandaRefusal } from "./refusal.ts";

/** Where the two worlds are; a key of one is unknown in the other. */
const BASE_URLS = {
  practice: "https://api-fxpractice.oanda.com",
  live: "https://api-fxtrade.oanda.com",
} as const;

/** The hosts above, for the rule which ones may be called. */
export const OANDA_HOSTS = Object.values(BASE_URLS).map((url) => new URL(url).hostname);

/** What a header can carry; a key with anything else in it was copied wrongly. */
const PRINTABLE = /^[\x21-\x7e]+$/;

export interface ClientSettings {
  /** Asked for each request, so that a changed key is in use with the next one. */
  readonly account: () => Promise<OandaAccount>;
  readonly transport: Transport;
  /** In place of both real addresses. */
  readonly baseUrl: string | undefined;
}

/** What is asked for: below `/v3/`, of an account where it says so. */
export interface Question {
  readonly path: string;
  /** True when the path lies below the account's own, whose id is then put before it. */
  readonly ofAccount: boolean;
  readonly query?: Readonly<Record<string, string>>;
}

/** A whole JSON answer. */
export interface OandaAnswer {
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Asks OANDA's REST API, version 20. Key and account id are texts only while a request is written;
 * no error carries them, nor the address, in which the account id stands.
 */
export class OandaClient {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** @throws OandaRefusal, TransportError, and what the account cannot be had for. */
  async get(question: Question): Promise<OandaAnswer> {
    const account = await this.#settings.account();
    const answer = await this.#send(question, account);
    const text = await answer.text();
    if (answer.status < 200 || answer.status > 299) {
      throw refusalOf(answer, parsed(text), question, account);
    }
    const body = parsed(text);
    // Not even its beginning is shown: an answer about accounts begins with their ids.
    if (body === undefined) throw new TransportError("the answer made no sense: no JSON object");
    return { body, headers: answer.headers };
  }

  #send({ path, ofAccount, query = {} }: Question, account: OandaAccount): Promise<Answer> {
    const { transport, baseUrl = BASE_URLS[account.environment] } = this.#settings;
    return withTexts(account, (key, id) => {
      if (!PRINTABLE.test(key)) {
        const message = `${KEY_NAMES.apiKey} holds a character that no key has`;
        throw new OandaRefusal(message, 401, undefined);
      }
      const url = new URL(`${baseUrl.replace(/\/+$/, "")}/v3/${path}`);
      if (ofAccount) url.pathname = `/v3/accounts/${encodeURIComponent(id)}/${path}`;
      url.search = new URLSearchParams(query).toString();
      const headers = { authorization: `Bearer ${key}`, "accept-datetime-format": "RFC3339" };
      return transport.fetch(url.href, { headers });
    });
  }
}

/** @throws TransportError when the account was changed since it was lent: the next try has the new one. */
function withTexts<T>(
  { apiKey, accountId }: OandaAccount,
  work: (key: string, id: string) => T,
): T {
  try {
    return apiKey.use((key) => accountId.use((id) => work(key, id)));
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    throw new TransportError("the account was changed a moment ago", { neverSent: true });
  }
}

function parsed(text: string): OandaAnswer["body"] | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return isFields(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** Says which key is wrong where it is one, and what OANDA said otherwise. */
function refusalOf(
  { status, headers }: Answer,
  body: unknown,
  { ofAccount }: Question,
  account: OandaAccount,
): OandaRefusal {
  const { errorMessage } = fieldsOf(body);
  const said = typeof errorMessage === "string" ? errorMessage : "";
  const reason = scrub(
    withTexts(account, (key, id) => said.replaceAll(key, "…").replaceAll(id, "…")),
  );
  const retryAfterMs = retryAfterMsOf(headers["retry-after"]);
  const where = `at ${account.environment}, HTTP ${status}`;
  if (status === 401 || status === 403) {
    const owner = ofAccount ? `, or ${KEY_NAMES.accountId} is not its account` : "";
    const message = `${KEY_NAMES.apiKey} is not accepted${owner} (${where})`;
    return new OandaRefusal(message, status, retryAfterMs);
  }
  if (ofAccount && (status === 404 || (status === 400 && /account/i.test(reason)))) {
    const message = `${KEY_NAMES.accountId} is not known (${where})`;
    return new OandaRefusal(message, status, retryAfterMs);
  }
  const message = reason === "" ? `HTTP ${status}` : `HTTP ${status}: ${reason}`;
  return new OandaRefusal(message, status, retryAfterMs);
}
