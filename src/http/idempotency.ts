import { createHash, randomUUID } from "node:crypto";
import type { Request } from "express";
import { FailureError } from "../runtime/errors.ts";
import { withLimit } from "../runtime/limit.ts";
import type { KeyedRequest, RequestStanding } from "../store/request-port.ts";
import type { HttpDeps } from "./deps.ts";
import { type Extras, HttpProblem, problemOf } from "./problem.ts";
import type { Call, Reply, Route } from "./route.ts";

const KEY = /^[\x21-\x7e]{1,255}$/;
const LIMIT_MS = 5_000;
/** What must not wait for the database waits for it no longer than this. */
const URGENT_LIMIT_MS = 1_000;

type OnceDeps = Pick<HttpDeps, "store" | "machineClock" | "onFailure">;

/** An answer as it is kept. */
type Kept =
  | { readonly reply: Reply }
  | {
      readonly problem: {
        readonly status: number;
        readonly detail: string;
        readonly extras: Extras;
      };
    };

/** Whether a request on this route may come with a key, and is then carried out once. */
export function takesKey({ method, access, keyless }: Route): boolean {
  const isForRoles = access === "viewer" || access === "operator" || access === "admin";
  return method !== "get" && isForRoles && keyless !== true;
}

/**
 * Carries a request out once for its `Idempotency-Key`, however often it comes, also after a restart
 * and also through another hub. The key is the asker's own, on one route; with another body it is a
 * mistake. A failure of the hub is kept for nobody: what came to nothing may be tried again.
 */
export class Once {
  readonly #deps: OnceDeps;

  constructor(deps: OnceDeps) {
    this.#deps = deps;
  }

  /** @throws HttpProblem 400 for a key that is none, 409 while it is carried out, 422 for another body. */
  async handle(route: Route, call: Call): Promise<Reply | null> {
    const key = takesKey(route) ? keyOf(call.req) : undefined;
    if (key === undefined) return route.handle(call);
    const name = `${route.method.toUpperCase()} ${route.path}`;
    const request = { asker: call.token ?? call.who, route: name, key, claim: randomUUID() };
    const standing = await this.#begin(route, request, fingerprintOf(call));
    switch (standing.kind) {
      case "new":
        return this.#carryOut(route, call, request);
      case "answered":
        return sayAgain(JSON.parse(standing.answer) as Kept, call);
      case "busy":
        throw new HttpProblem(409, "A request with this Idempotency-Key is being carried out.", {
          headers: { "retry-after": "1" },
        });
      case "other":
        throw new HttpProblem(422, "This Idempotency-Key was sent with another request.");
    }
  }

  async #begin(
    { urgent }: Route,
    request: KeyedRequest,
    fingerprint: string,
  ): Promise<RequestStanding> {
    const { store, machineClock } = this.#deps;
    const limitMs = urgent === true ? URGENT_LIMIT_MS : LIMIT_MS;
    const work = store.requests.begin(request, fingerprint);
    try {
      const standing = await withLimit(machineClock, limitMs, "the request's key", work);
      // Whoever was at it may have died: rather twice than not at all.
      return urgent === true && standing.kind === "busy" ? { kind: "new" } : standing;
    } catch (error) {
      if (urgent === true && error instanceof FailureError) return { kind: "new" };
      throw error;
    }
  }

  async #carryOut(route: Route, call: Call, request: KeyedRequest): Promise<Reply | null> {
    let reply: Reply | null;
    try {
      reply = await route.handle(call);
    } catch (error) {
      const { status, message: detail, extras } = problemOf(error);
      await this.#keep(request, status < 500 ? { problem: { status, detail, extras } } : undefined);
      throw error;
    }
    if (reply !== null) await this.#keep(request, { reply });
    return reply;
  }

  /** What was done stays done: that its answer cannot be kept is no reason to hold the answer back. */
  async #keep(request: KeyedRequest, kept: Kept | undefined): Promise<void> {
    const { store, machineClock, onFailure } = this.#deps;
    const { requests } = store;
    const work =
      kept === undefined ? requests.drop(request) : requests.end(request, JSON.stringify(kept));
    try {
      await withLimit(machineClock, URGENT_LIMIT_MS, "the request's answer", work);
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      onFailure?.(error, request.claim);
    }
  }
}

function sayAgain(kept: Kept, { res }: Call): Reply {
  const headers = { "idempotency-replayed": "true" };
  if ("reply" in kept) {
    res.set(headers);
    return kept.reply;
  }
  const { status, detail, extras } = kept.problem;
  throw new HttpProblem(status, detail, { ...extras, headers: { ...extras.headers, ...headers } });
}

function keyOf(req: Request): string | undefined {
  const key = req.get("idempotency-key");
  if (key === undefined || KEY.test(key)) return key;
  throw new HttpProblem(400, "Idempotency-Key: is not 1 to 255 visible ASCII characters.");
}

/** Of what was understood, so that two ways to write the same thing are the same. */
function fingerprintOf({ params, query, body }: Call): string {
  const asked = JSON.stringify([params ?? null, query ?? null, body ?? null]);
  return createHash("sha256").update(asked).digest("hex");
}
