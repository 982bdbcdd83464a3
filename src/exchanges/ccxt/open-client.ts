import type { Transport } from "../transport/transport.ts";
import type { CcxtClient } from "./ccxt-client.ts";
import { checkAnswers } from "./errors/check-answers.ts";
import { loadExchangeClass } from "./load-class.ts";
import { rebaseUrls } from "./rebase-urls.ts";
import type { Venue } from "./venue.ts";

/** ccxt's own timer must never ring before ours: it ends with the headers, ours with the body, ms. */
const SPARE_MS = 5_000;

/**
 * Makes a ccxt exchange that does as little as possible by itself: no limiter, no retries, no memory
 * of answers, no connections of its own. Prices stay text (`number: String`), since a decimal that has
 * been a double is not exact any more.
 */
export async function openClient(
  venue: Venue,
  transport: Transport,
  settings: {
    readonly deadlineMs: number;
    readonly baseUrl?: string | undefined;
    /** The exchange's clock, UTC ms; ccxt computes some request bounds from it. */
    readonly exchangeNowMs: () => number;
  },
): Promise<CcxtClient> {
  const Exchange = await loadExchangeClass(venue.id);
  const client = new Exchange({
    number: String,
    enableRateLimit: false,
    enableLastHttpResponse: false,
    enableLastJsonResponse: false,
    maxRetriesOnFailure: 0,
    timeout: settings.deadlineMs + SPARE_MS,
    userAgent: "oracle-trading-hub",
    options: { ...venue.options, maxRetriesOnFailure: 0 },
  });
  // Currencies need a key or a second request, and nothing here asks for them.
  client.has["fetchCurrencies"] = false;
  client.fetchImplementation = (url, params) => transport.fetch(url, params);
  client.handleErrors = checkAnswers(venue, client.handleErrors.bind(client));
  // All rows are looked at: one that is cut away may be the twin that tells that another is wrong.
  client.filterBySinceLimit = (rows) => rows;
  client.milliseconds = settings.exchangeNowMs;
  if (settings.baseUrl !== undefined) {
    client.urls = { ...client.urls, api: rebaseUrls(client.urls.api, settings.baseUrl) };
  }
  return client;
}
