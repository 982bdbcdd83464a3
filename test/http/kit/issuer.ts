import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

/** An issuer of JWTs as a Supabase project is one, with its keys on a port of its own. */
export interface Issuer {
  readonly url: string;
  /** How often its keys were asked for. */
  readonly asked: () => number;
  /** Whether it answers at all. */
  away: boolean;
  sign(claims?: Claims): Promise<string>;
  close(): Promise<void>;
}

interface Claims {
  readonly role?: string;
  /** Where the user could write it himself. */
  readonly userRole?: string;
  readonly sub?: string;
  readonly issuer?: string;
  readonly audience?: string;
  /** UTC s. */
  readonly expiresAt?: number;
  readonly kid?: string;
  /** Signed with another's key under this issuer's key id. */
  readonly forged?: boolean;
}

export async function startIssuer(nowMs: number): Promise<Issuer> {
  const [own, other] = [await generateKeyPair("ES256"), await generateKeyPair("ES256")];
  const keys = [{ ...(await exportJWK(own.publicKey)), kid: "k1", alg: "ES256", use: "sig" }];
  let asked = 0;
  const server: Server = createServer((_req, res) => {
    asked += 1;
    if (issuer.away) {
      res.destroy();
      return;
    }
    res.setHeader("content-type", "application/json");
    res.end(JSON.stringify({ keys }));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/auth/v1`;
  const issuer: Issuer = {
    url,
    asked: () => asked,
    away: false,
    sign: ({ forged = false, kid = "k1", ...claims } = {}) => {
      const payload: JWTPayload = {
        ...(claims.role === undefined ? {} : { app_metadata: { hub_role: claims.role } }),
        ...(claims.userRole === undefined ? {} : { user_metadata: { hub_role: claims.userRole } }),
      };
      return new SignJWT(payload)
        .setProtectedHeader({ alg: "ES256", kid })
        .setSubject(claims.sub ?? "0c1d-ann")
        .setIssuer(claims.issuer ?? url)
        .setAudience(claims.audience ?? "authenticated")
        .setExpirationTime(claims.expiresAt ?? Math.floor(nowMs / 1_000) + 3_600)
        .sign(forged ? other.privateKey : own.privateKey);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return issuer;
}
