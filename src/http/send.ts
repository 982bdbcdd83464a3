import { createHash } from "node:crypto";
import type { Request, Response } from "express";
import type { Reply, Route } from "./route.ts";

/** Bodies as they are sent. One that is answered again, as it is, is not written out again. */
const written = new WeakMap<object, Buffer>();

/** Sends what a handler answered, in the form that its route calls for. */
export function send(req: Request, res: Response, route: Route, { status, body }: Reply): void {
  res.status(status);
  if (route.produces !== undefined) {
    res.set("content-type", route.produces).send(body);
    return;
  }
  const bytes = bytesOf(body);
  if (route.tagged === true) {
    // Shown only after asking whether it still holds; Express makes the 304 of a tag that does.
    res.set({ etag: tagOf(bytes), "cache-control": "private, no-cache" });
  }
  const next = route.pagedBy === undefined ? undefined : nextIn(body);
  if (route.pagedBy !== undefined && next !== undefined) {
    res.set("link", `<${following(req, route.pagedBy, next)}>; rel="next"`);
  }
  res.type("json").send(bytes);
}

function bytesOf(body: unknown): Buffer {
  const known = typeof body === "object" && body !== null ? written.get(body) : undefined;
  if (known !== undefined) return known;
  const bytes = Buffer.from(JSON.stringify(body));
  if (typeof body === "object" && body !== null) written.set(body, bytes);
  return bytes;
}

function tagOf(bytes: Buffer): string {
  return `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 27)}"`;
}

function nextIn(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("next" in body)) return undefined;
  const { next } = body;
  return typeof next === "string" || typeof next === "number" ? String(next) : undefined;
}

/** The same list from its next page on; relative, since the hub does not know what it is called. */
function following(req: Request, parameter: string, next: string): string {
  const [path = "", query = ""] = req.url.split("?");
  const parameters = new URLSearchParams(query);
  parameters.set(parameter, next);
  return `${path}?${parameters.toString()}`;
}
