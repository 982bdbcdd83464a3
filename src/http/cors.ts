import cors from "cors";
import type { RequestHandler } from "express";

/** What scripts of another origin may send, and what they may read beside the body. */
const SENT = ["authorization", "content-type", "idempotency-key", "if-none-match", "last-event-id"];
const READ = [
  "etag",
  "idempotency-replayed",
  "link",
  "ratelimit",
  "ratelimit-policy",
  "retry-after",
  "x-request-id",
];
/** How long a browser may remember that it was let in. */
const REMEMBERED_S = 600;

/**
 * Lets pages of the named origins read the API. No cookie opens anything here, so none is allowed;
 * tokens and the list of addresses hold as for everybody. A request of no origin passes untouched.
 */
export function allowOrigins(origins: readonly string[]): RequestHandler {
  const allow = cors({
    origin: [...origins],
    methods: ["GET", "POST", "DELETE"],
    allowedHeaders: SENT,
    exposedHeaders: READ,
    credentials: false,
    maxAge: REMEMBERED_S,
  });
  return (req, res, next) => {
    // The answer differs by origin, also for those that send none: caches must know.
    res.vary("Origin");
    if (req.get("origin") === undefined) next();
    else allow(req, res, next);
  };
}
