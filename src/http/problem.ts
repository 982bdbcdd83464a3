import { FailureError } from "../runtime/errors.ts";
import { StoreFailure } from "../store/errors.ts";

/** What is wrong with one field of a request. */
export interface FieldFault {
  readonly in: "body" | "query" | "path";
  /** JSON pointer to the field, e.g. `/series/0/pair`. */
  readonly pointer: string;
  readonly detail: string;
}

export interface Extras {
  readonly headers?: Readonly<Record<string, string>>;
  readonly errors?: readonly FieldFault[];
  /** Further members of the answer. */
  readonly members?: Readonly<Record<string, unknown>>;
}

const TITLES: Readonly<Record<number, string>> = {
  400: "Malformed request",
  401: "Not identified",
  403: "Not allowed",
  404: "Not found",
  405: "Method not allowed",
  409: "Conflict",
  410: "Gone",
  413: "Body too large",
  415: "Unsupported body",
  422: "Refused",
  429: "Too many requests",
  500: "Internal error",
  503: "Not available now",
};

/** An answer that is not a success, in the words its asker gets (RFC 9457). */
export class HttpProblem extends Error {
  override readonly name = "HttpProblem";
  readonly status: number;
  readonly extras: Extras;

  constructor(status: number, detail: string, extras: Extras = {}) {
    super(detail);
    this.status = status;
    this.extras = extras;
  }
}

/** What body-parser and the router throw: an error with a status. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("status" in error)) return undefined;
  const { status } = error;
  return typeof status === "number" && status >= 400 && status < 500 ? status : undefined;
}

/** Turns whatever was thrown into the answer it becomes; what nobody foresaw becomes a bare 500. */
export function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof StoreFailure && error.fault === "offline") {
    return unavailable("The database cannot be reached; the hub goes on trying.");
  }
  if (error instanceof FailureError && error.code === "time-limit") {
    return unavailable("The database did not answer in time.");
  }
  switch (statusOf(error)) {
    case undefined:
      return new HttpProblem(500, "The hub failed on this request; its log says why.");
    case 413:
      return new HttpProblem(413, "The body is larger than 64 kB.");
    case 415:
      return new HttpProblem(415, "The body's encoding or charset is not supported.");
    default:
      return new HttpProblem(400, "The request could not be read.", {
        errors: [{ in: "body", pointer: "", detail: "is not valid JSON, or was cut off" }],
      });
  }
}

/** Something the hub needs for this answer is not there at the moment. */
export function unavailable(detail: string): HttpProblem {
  return new HttpProblem(503, detail, { headers: { "retry-after": "5" } });
}

/** The body of a problem answer. */
export function problemBody(problem: HttpProblem, instance: string, requestId: string): object {
  const { errors, members } = problem.extras;
  return {
    type: "about:blank",
    title: TITLES[problem.status] ?? "Refused",
    status: problem.status,
    detail: problem.message,
    instance,
    requestId,
    ...(errors === undefined ? {} : { errors }),
    ...members,
  };
}
