import { createRemoteJWKSet, customFetch, errors, jwtVerify } from "jose";
import { z } from "zod";
import { ROLES, type Role } from "../market/token.ts";
import type { Clock } from "../runtime/clock.ts";
import { IssuerKeys, KEYS_COOLDOWN_MS } from "./issuer-keys.ts";

/** What a JWT says, once its signature is known to be the issuer's. */
export type JwtAnswer =
  | {
      readonly kind: "user";
      /** The audit log's word; no token can have this name. */
      readonly who: string;
      /** Null for a user of the project who has none in this hub. */
      readonly role: Role | null;
      /** When it ends, UTC ms on the machine's clock. */
      readonly expiresAt: number;
    }
  /** Forged, expired, of another issuer, or no JWT. */
  | { readonly kind: "refused" }
  /** The issuer's keys cannot be had now. */
  | { readonly kind: "unavailable" };

export interface JwtOptions {
  readonly issuer: string;
  readonly clock: Clock;
}

const KEYS_TIMEOUT_MS = 3_000;
const KEYS_KEPT_MS = 600_000;

/** Signed with a key that the issuer alone has: never with a shared secret, never not at all. */
const ALGORITHMS = ["ES256", "RS256"];
/** What Supabase writes for a user who is signed in. */
const AUDIENCE = "authenticated";

/** The role lies where the project's administrator alone can write; users edit `user_metadata`. */
const claims = z.object({
  sub: z.string().min(1).max(200),
  exp: z.number(),
  app_metadata: z
    .object({ hub_role: z.enum(ROLES).nullable().catch(null) })
    .catch({ hub_role: null }),
});

/** Says who a JWT of one issuer stands for. Its keys are fetched when first needed, and kept. */
export class JwtUsers {
  readonly #options: JwtOptions;
  readonly #keys;

  constructor(options: JwtOptions) {
    this.#options = options;
    const fetched = new IssuerKeys(options.clock);
    this.#keys = createRemoteJWKSet(new URL(`${options.issuer}/.well-known/jwks.json`), {
      timeoutDuration: KEYS_TIMEOUT_MS,
      cooldownDuration: KEYS_COOLDOWN_MS,
      cacheMaxAge: KEYS_KEPT_MS,
      [customFetch]: (url, init) => fetched.get(url, init),
    });
  }

  async identify(token: string): Promise<JwtAnswer> {
    const { issuer, clock } = this.#options;
    try {
      const { payload } = await jwtVerify(token, this.#keys, {
        issuer,
        audience: AUDIENCE,
        algorithms: ALGORITHMS,
        requiredClaims: ["sub", "exp"],
        currentDate: new Date(clock.nowMs()),
      });
      const { sub, exp, app_metadata } = claims.parse(payload);
      const role = app_metadata.hub_role;
      return { kind: "user", who: `user ${sub}`, role, expiresAt: exp * 1_000 };
    } catch (error) {
      return { kind: isForeign(error) ? "refused" : "unavailable" };
    }
  }
}

/** Whether the token is at fault, and not the way to the keys. */
function isForeign(error: unknown): boolean {
  return (
    error instanceof errors.JWTExpired ||
    error instanceof errors.JWTClaimValidationFailed ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof z.ZodError
  );
}
