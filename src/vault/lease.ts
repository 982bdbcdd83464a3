import type { Secret } from "../runtime/secret.ts";

/** What the hub calls a secret: `store`, `broker:oanda`, `exchange:binance`, `notify:ops`. */
export type SecretName = "store" | `broker:${string}` | `exchange:${string}` | `notify:${string}`;

/** Where a secret was found; `memory` holds what a vault gave before it went away. */
export type SecretOrigin = "vault" | "memory" | "environment";

export interface SecretWish {
  /** Path of the actor that asks. */
  readonly who: string;
  readonly secret: SecretName;
  /** What for, in a word the policy knows. */
  readonly purpose: string;
}

/** What is said of a lease beside the values lent. */
interface LeaseTerms {
  readonly id: string;
  readonly secret: SecretName;
  /** Another number after each change of the value, 1 at first. */
  readonly version: number;
  readonly origin: SecretOrigin;
  /** Ask again before so many ms have passed on the machine's clock. */
  readonly validForMs: number;
}

/** A secret lent for a while. */
export interface Lease extends LeaseTerms {
  readonly parts: Readonly<Record<string, Secret>>;
}

/** A lease on its way into another process: JSON, and readable for nobody but who asked for it. */
export interface SealedLease extends LeaseTerms {
  /** The other half of the agreement on a key; base64url like all below. */
  readonly publicKey: string;
  readonly iv: string;
  readonly tag: string;
  /** The parts and their values, encrypted. */
  readonly sealed: string;
}

/** Why there is no lease. */
type NoLease =
  | { readonly kind: "denied"; readonly reason: string }
  /** Nobody has such a secret: it was never set up. */
  | { readonly kind: "absent" }
  /** The vault does not answer, and nothing good enough is at hand. */
  | { readonly kind: "unavailable"; readonly reason: string };

export type LeaseAnswer = { readonly kind: "granted"; readonly lease: Lease } | NoLease;

/** What a process of its own asks with. */
export interface SealedWish {
  readonly secret: SecretName;
  readonly purpose: string;
  /** Of a key made for this one wish, X25519 in base64url. */
  readonly publicKey: string;
}

export type SealedAnswer = { readonly kind: "granted"; readonly lease: SealedLease } | NoLease;
