import { createHash } from "node:crypto";
import type { Request } from "express";
import type { Role } from "../market/token.ts";
import { type AllowList, addressOf, isLoopback } from "./allow.ts";
import { answerOf } from "./ask.ts";
import type { HttpDeps } from "./deps.ts";
import type { JwtUsers } from "./jwt.ts";
import { HttpProblem, unavailable } from "./problem.ts";
import type { Access } from "./route.ts";

const RANK: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };
const BEARER = /^Bearer +([\w.~+/=-]{1,4096}) *$/i;
const LIMIT_MS = 3_000;
/** Three parts with dots between; no token of the hub's own has one. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

type GuardDeps = Pick<HttpDeps, "sentinel" | "metrics">;

/** Who was let in. */
export interface Asker {
  /** The name behind the token, or the address where none is asked for. */
  readonly who: string;
  readonly token?: string;
  /** When what was shown ends by itself, UTC ms on the machine's clock; undefined where it does not. */
  readonly until?: number;
}

/** Lets a request in, and says who asks. The token itself goes no further than its hash. */
export class Guard {
  readonly #deps: GuardDeps;
  readonly #allowed: AllowList;
  readonly #users: JwtUsers | undefined;

  /** @param users undefined where only the hub's own tokens open anything. */
  constructor(deps: GuardDeps, allowed: AllowList, users?: JwtUsers) {
    this.#deps = deps;
    this.#allowed = allowed;
    this.#users = users;
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
    const { metrics } = this.#deps;
    const token = takeToken(req);
    if (token === undefined) {
      metrics.authFailed("missing");
      throw unidentified("Send an operator token: Authorization: Bearer <token>.", "");
    }
    const identity = await this.#holderOf(token);
    if (identity === null) {
      metrics.authFailed("unknown");
      throw unidentified("This token is not known.", ', error="invalid_token"');
    }
    if (identity.role === null) {
      metrics.authFailed("role");
      throw new HttpProblem(403, "This user has no role in the hub.");
    }
    if (RANK[identity.role] < RANK[least]) {
      metrics.authFailed("role");
      throw new HttpProblem(403, `This needs the role ${least}; the token has ${identity.role}.`);
    }
    return identity;
  }

  /** Null for a token that nobody gave out. */
  async #holderOf(token: string): Promise<(Asker & { readonly role: Role | null }) | null> {
    if (this.#users !== undefined && JWT.test(token)) {
      const answer = await this.#users.identify(token);
      if (answer.kind === "unavailable") throw unavailable("The issuer's keys cannot be had now.");
      if (answer.kind === "refused") return null;
      return { who: answer.who, role: answer.role, until: answer.expiresAt };
    }
    const tokenHash = createHash("sha256").update(token).digest("hex");
    return answerOf("The sentinel", this.#deps.sentinel, "identify", { tokenHash }, LIMIT_MS);
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
