import type { ServerResponse } from "node:http";

/**
 * What goes wrong with one request, for tests.
 * - a status and a body in place of the answer; text is sent as it is, all else as JSON
 * - `hang`: no answer ever comes
 * - `cut`: the connection ends in the middle of the answer
 * - `html`: a page with status 200 in place of JSON
 * - `omitLast`: candles come without the newest one, or without the newest so many
 */
export type Fault =
  | {
      readonly status: number;
      readonly body: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | "hang"
  | "cut"
  | "html"
  | { readonly omitLast: true | number };

/**
 * Decides for each request whether it goes wrong; undefined leaves it alone.
 * @param callIndex how many requests of the same path, symbol and interval came before.
 */
export type FaultHook = (
  path: string,
  symbol: string | undefined,
  interval: string | undefined,
  callIndex: number,
) => Fault | undefined;

/** Asks the hook, and counts for it. */
export class FaultCounter {
  readonly #hook: FaultHook | undefined;
  readonly #calls = new Map<string, number>();

  constructor(hook: FaultHook | undefined) {
    this.#hook = hook;
  }

  next(path: string, query: URLSearchParams): Fault | undefined {
    if (this.#hook === undefined) return undefined;
    const symbol = query.get("symbol") ?? undefined;
    const interval = query.get("interval") ?? undefined;
    const key = JSON.stringify([path, symbol, interval]);
    const callIndex = this.#calls.get(key) ?? 0;
    this.#calls.set(key, callIndex + 1);
    return this.#hook(path, symbol, interval, callIndex);
  }
}

/** Does what a fault wants done in place of the answer; says whether that was all. */
export function spoil(fault: Fault | undefined, response: ServerResponse): boolean {
  if (fault === undefined || (typeof fault === "object" && "omitLast" in fault)) return false;
  if (fault === "hang") return true;
  if (fault === "cut") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    response.write('[[1700000000000,"1.0', () => response.socket?.destroy());
    return true;
  }
  if (fault === "html") {
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<html><body><h1>Under maintenance</h1></body></html>");
    return true;
  }
  response.writeHead(fault.status, { "content-type": "application/json", ...fault.headers });
  response.end(typeof fault.body === "string" ? fault.body : JSON.stringify(fault.body));
  return true;
}

/** A candle answer without the newest rows, where a fault wants them left out. */
export function withoutOmitted(answer: unknown, fault: Fault | undefined): unknown {
  if (typeof fault !== "object" || !("omitLast" in fault) || !Array.isArray(answer)) return answer;
  const count = fault.omitLast === true ? 1 : fault.omitLast;
  return answer.slice(0, Math.max(0, answer.length - count)) as unknown[];
}
