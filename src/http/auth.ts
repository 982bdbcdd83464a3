import { createHash } from "node:crypto";
import type { Request } from "express";
import type { Role } from "../market/token.ts";
import { type AllowList, addressOf, isLoopback } from "./allow.ts";
import { answerOf } from "./ask.ts";
import type { HttpDeps } from "./deps.ts";
import { HttpProblem } from "./problem.ts";
import type { Access } from "./route.ts";

const RANK: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };
const BEARER = /^Bearer +([\w.~+/=-]{1,512}) *$/i;
const LIMIT_MS = 3_000;

type GuardDeps = Pick<HttpDeps, "sentinel" | "metrics">;

/** Who was let in. */
export interface Asker {
  /** The name behind the token, or the address where none is asked for. */
  readonly who: string;
  readonly token?: string;
}

/** Lets a request in, and says who asks. The token itself goes no further than its hash. */
export class Guard {
  readonly #deps: GuardDeps;
  readonly #allowed: AllowList;

  constructor(deps: GuardDeps, allowed: AllowList) {
    this.#deps = deps;
    this.#allowed = allowed;
  }

  /** @throws HttpProblem 401 without a known token, 403 for too low a role or a foreign address. */
  async admit(req: Request, access: Access): Promise<Asker> {
    const address = addressOf(req);
    const stranger = { who: address };
    switch (access) {
      case "open":
        return stranger;
      case "chatty":
        if (this.#allowed.has(address)) return stranger;
        this.#deps.metrics.authFailed("address");
        throw new HttpProblem(403, "This address may not read Chatty's paths.");
      case "scrape":
        return isLoopback(address) ? stranger : this.#identify(req, "viewer");
      case "viewer":
      case "operator":
      case "admin":
        return this.#identify(req, access);
    }
  }

  async #identify(req: Request, least: Role): Promise<Asker> {
    const { sentinel, metrics } = this.#deps;
    const token = takeToken(req);
    if (token === undefined) {
      metrics.authFailed("missing");
      throw unidentified("Send an operator token: Authorization: Bearer <token>.", "");
    }
    const tokenHash = createHash("sha256").update(token).digest("hex");
    const identity = await answerOf("The sentinel", sentinel, "identify", { tokenHash }, LIMIT_MS);
    if (identity === null) {
      metrics.authFailed("unknown");
      throw unidentified("This token is not known.", ', error="invalid_token"');
    }
    if (RANK[identity.role] < RANK[least]) {
      metrics.authFailed("role");
      throw new HttpProblem(403, `This needs the role ${least}; the token has ${identity.role}.`);
    }
    return identity;
  }
}

/** Takes the token out of the request: that of an event stream lives for hours, and so would it. */
function takeToken(req: Request): string | undefined {
  const token = BEARER.exec(req.get("authorization") ?? "")?.[1];
  delete req.headers.authorization;
  const { rawHeaders } = req;
  for (const [i, name] of rawHeaders.entries()) {
    if (i % 2 === 0 && name.toLowerCase() === "authorization") rawHeaders[i + 1] = "";
  }
  return token;
}

function unidentified(detail: string, hint: string): HttpProblem {
  return new HttpProblem(401, detail, {
    headers: { "www-authenticate": `Bearer realm="hub"${hint}` },
  });
}
