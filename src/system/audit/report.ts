import type { Find } from "../../vault/leaks/canary.ts";

/** A way out of a hub. */
export type Channel =
  | "stdout"
  | "stderr"
  | "http"
  | "events"
  | "metrics"
  | "hub commands"
  | "arguments"
  | "environment"
  | "vault addresses"
  | "data folder"
  | "temporary files"
  | "heap";

/** A canary that came out: which, how it was written, and where. */
export interface Leak extends Find {
  readonly scenario: string;
  readonly channel: Channel;
  /** The file, request, process or run. */
  readonly place: string;
}

/** What an audit did and found. */
export interface AuditReport {
  readonly planted: readonly {
    readonly scenario: string;
    readonly canary: string;
    readonly where: string;
  }[];
  readonly driven: readonly { readonly scenario: string; readonly what: string }[];
  readonly scanned: readonly {
    readonly channel: Channel;
    readonly places: number;
    readonly bytes: number;
  }[];
  /** What this machine does not let one look at, and why. */
  readonly skipped: readonly string[];
  readonly leaks: readonly Leak[];
}
