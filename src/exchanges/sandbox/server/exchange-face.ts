import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../../runtime/clock.ts";
import { FaultLine } from "../faults/fault-line.ts";
import type { FaultSource } from "../faults/source.ts";
import type { Listing, SandboxMarket } from "../market.ts";
import { ApiError, noSuchPath, unknownError } from "./api-error.ts";
import { Params } from "./params.ts";
import { ROUTES } from "./routes.ts";
import { type Charge, WeightBudget } from "./weight-budget.ts";

export interface FaceOptions {
  readonly market: SandboxMarket;
  /** The exchange's clock. */
  readonly clock: Clock;
  /** What goes wrong, and when; nothing when left out. */
  readonly faults?: FaultSource | undefined;
  /** Told of errors in the sandbox itself; the caller gets a plain 500. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/** Answers HTTP requests in the venue's dialect. */
export class ExchangeFace {
  readonly #options: FaceOptions;
  readonly #listings: ReadonlyMap<string, Listing>;
  readonly #budget = new WeightBudget();
  readonly #line: FaultLine;

  constructor(options: FaceOptions) {
    this.#options = options;
    this.#listings = new Map(options.market.listings.map((listing) => [listing.symbol, listing]));
    this.#line = new FaultLine(options.faults ?? (() => undefined), options.clock);
  }

  /** @param goAway lets the exchange refuse connections for so long, ms of its clock. */
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    goAway: (forMs: number) => void,
  ): void {
    this.#guard(response, () => this.#serve(request, response, goAway));
  }

  /** Answers what goes wrong in the dialect's words. */
  #guard(response: ServerResponse, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof ApiError)) this.#options.onFailure?.(error);
      const refusal = error instanceof ApiError ? error : unknownError();
      const body = { code: refusal.code, msg: refusal.message };
      send(response, refusal.status, JSON.stringify(body));
    }
  }

  #serve(
    request: IncomingMessage,
    response: ServerResponse,
    goAway: (forMs: number) => void,
  ): void {
    const { market, clock } = this.#options;
    const { path, query } = targetOf(request.url ?? "/");
    const route = ROUTES.get(path);
    const nowMs = clock.nowMs();
    const charge = this.#budget.charge(route?.weight(query) ?? 1, nowMs);
    response.setHeader("x-mbx-used-weight", String(charge.used));
    response.setHeader("x-mbx-used-weight-1m", String(charge.used));
    if (charge.kind !== "served") throw refusalOf(charge, nowMs, response);
    if (route === undefined) throw noSuchPath();
    if (request.method !== "GET") throw new ApiError(405, -1000, "Method not allowed.");
    this.#line.carry({
      path,
      query,
      response,
      answer: () => route.answer(market, new Params(query, this.#listings), clock.nowMs()),
      send: (text) => send(response, 200, text),
      guard: (work) => this.#guard(response, work),
      goAway,
    });
  }
}

function targetOf(url: string): { readonly path: string; readonly query: URLSearchParams } {
  const mark = url.indexOf("?");
  if (mark < 0) return { path: url, query: new URLSearchParams() };
  return { path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) };
}

function refusalOf(
  charge: Extract<Charge, { untilMs: number }>,
  nowMs: number,
  response: ServerResponse,
): ApiError {
  const seconds = Math.max(1, Math.ceil((charge.untilMs - nowMs) / 1_000));
  response.setHeader("retry-after", String(seconds));
  return charge.kind === "banned"
    ? new ApiError(
        418,
        -1003,
        `Way too much request weight used; IP banned until ${charge.untilMs}.`,
      )
    : new ApiError(429, -1003, "Too much request weight used; the limit is 6000 per minute.");
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    "content-type": "application/json;charset=UTF-8",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}
