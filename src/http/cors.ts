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
 * tokens and the list of addresses hold as for everybody. What comes from nowhere, or from elsewhere, is
 * treated as if there were none.
 */
export function allowOrigins(origins: readonly string[]): RequestHandler {
  const named = new Set(origins);
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
    if (named.has(req.get("origin") ?? "")) allow(req, res, next);
    else next();
  };
}
