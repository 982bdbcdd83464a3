import type { Secret } from "../runtime/secret.ts";

/** What the hub calls a secret: `store`, `broker:oanda`, `exchange:binance`. */
export type SecretName = "store" | `broker:${string}` | `exchange:${string}`;

/** Where a secret was found; `memory` holds what a vault gave before it went away. */
export type SecretOrigin = "vault" | "memory" | "environment";

export interface SecretWish {
  /** Path of the actor that asks. */
  readonly who: string;
  readonly secret: SecretName;
  /** What for, in a word the policy knows. */
  readonly purpose: string;
}

/** A secret lent for a while. */
interface Lease {
  readonly id: string;
  readonly secret: SecretName;
  readonly parts: Readonly<Record<string, Secret>>;
  /** Another number after each change of the value, 1 at first. */
  readonly version: number;
  readonly origin: SecretOrigin;
  /** Ask again before so many ms have passed on the machine's clock. */
  readonly validForMs: number;
}

export type LeaseAnswer =
  | { readonly kind: "granted"; readonly lease: Lease }
  | { readonly kind: "denied"; readonly reason: string }
  /** Nobody has such a secret: it was never set up. */
  | { readonly kind: "absent" }
  /** The vault does not answer, and nothing good enough is at hand. */
  | { readonly kind: "unavailable"; readonly reason: string };
