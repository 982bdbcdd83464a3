import type { RequestHandler } from "express";

/**
 * Reads a path as it was meant. Chatty builds four of its addresses from a base that nobody cleans,
 * so `/api/api/…`, `//api/…` and `/api//api/…` all mean `/api/…`.
 */
export function meantUrl(url: string): string {
  const end = url.search(/[?#]/);
  const path = end < 0 ? url : url.slice(0, end);
  const rest = end < 0 ? "" : url.slice(end);
  const clean = path.replaceAll(/\/{2,}/g, "/").replace(/^\/api\/api(?=\/)/i, "/api");
  return clean + rest;
}

/** Corrects the spelling before anything looks at the path. */
export const correctSpelling: RequestHandler = (req, _res, next) => {
  req.url = meantUrl(req.url);
  next();
};
