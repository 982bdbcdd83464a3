import type { MailboxSpec } from "./spec.ts";

/** What holds where a spec or a caller says nothing; all times in ms of the system's clock. */
export const defaults = {
  /** Minutes of candles for a busy actor; beyond it something is stuck and senders should know. */
  mailbox: { capacity: 10_000, overflow: "reject" } satisfies MailboxSpec as MailboxSpec,
  /** Long enough for a first connection to a slow database. */
  startTimeoutMs: 30_000,
  /** A supervisor's children stop one after the other: each must be quick. */
  stopTimeoutMs: 5_000,
  askTimeoutMs: 5_000,
  /**
   * A child that hangs is to be replaced within 3 s, of which its successor's start takes one; the
   * rest is slack for a child that parses a large answer.
   */
  heartbeat: { everyMs: 250, timeoutMs: 1_500 },
  /** A harvester of a thousand series uses a fifth of it. */
  heapMb: 512,
} as const;
