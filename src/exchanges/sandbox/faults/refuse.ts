import { type ByKind, byKind } from "./by-kind.ts";
import type { Fault } from "./kinds.ts";

/** An answer that takes the place of the one asked for. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const HTML = { "content-type": "text/html" };
const JSON_TYPE = { "content-type": "application/json;charset=UTF-8" };

const REFUSALS: ByKind<[], Refusal> = {
  html: () => ({ status: 200, headers: HTML, body: page("Welcome") }),
  "http-429": (fault) => tooMany(429, "Too much request weight used.", fault.retryAfterS),
  "http-418": (fault) =>
    tooMany(418, "Way too much request weight used; IP banned.", fault.retryAfterS),
  "http-403": () => ({ status: 403, headers: HTML, body: page("Forbidden") }),
  "http-451": () => error(451, 0, "Service unavailable from a restricted location."),
  "http-500": () => error(500, -1000, "An unknown error occurred while processing the request."),
  "http-502": () => ({ status: 502, headers: HTML, body: page("Bad Gateway") }),
  "http-503": () => error(503, -1008, "Server is currently overloaded with other requests."),
  maintenance: () => ({ status: 503, headers: HTML, body: page("Under maintenance") }),
};

/** What stands in place of an answer; undefined for faults that leave it there, spoilt or not. */
export function refusalOf(fault: Fault | undefined): Refusal | undefined {
  return byKind(REFUSALS, fault);
}

function tooMany(status: number, msg: string, retryAfterS: number): Refusal {
  const refusal = error(status, -1003, msg);
  return { ...refusal, headers: { ...refusal.headers, "retry-after": String(retryAfterS) } };
}

function error(status: number, code: number, msg: string): Refusal {
  return { status, headers: JSON_TYPE, body: JSON.stringify({ code, msg }) };
}

function page(title: string): string {
  return `<html><body><h1>${title}</h1></body></html>`;
}
