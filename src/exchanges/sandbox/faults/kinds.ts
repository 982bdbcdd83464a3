import { z } from "zod";

/** What a fault can strike: any request, those for candles, those for the time, or orders. */
export type Target = "any" | "candles" | "time" | "orders";

const ms = z.int().min(0).max(86_400_000);
const retryAfter = { retryAfterS: z.int().min(0).max(259_200).default(30) };
const none = {};

function kind<Parameters extends z.ZodRawShape>(strikes: Target, parameters: Parameters) {
  return { strikes, parameters };
}

/**
 * Everything that can go wrong, with its parameters and their defaults. Waits of a connection are ms
 * of the machine's clock, all other times are those of the exchange's. What each does to the hub
 * stands in docs/failure-modes.md.
 */
export const FAULT_KINDS = {
  "slow-headers": kind("any", { waitMs: ms.default(60_000) }),
  "stalled-body": kind("any", none),
  "cut-body": kind("any", none),
  html: kind("any", none),
  "truncated-json": kind("any", none),
  "null-body": kind("any", none),
  "empty-object": kind("any", none),
  "http-429": kind("any", retryAfter),
  "http-418": kind("any", retryAfter),
  "http-403": kind("any", none),
  "http-451": kind("any", none),
  "http-500": kind("any", none),
  "http-502": kind("any", none),
  "http-503": kind("any", none),
  "connection-reset": kind("any", none),
  "connection-refused": kind("any", { lastsMs: ms.default(30_000) }),
  maintenance: kind("any", { lastsMs: ms.default(3_600_000) }),
  "late-candle": kind("candles", { lateMs: ms.default(15_000) }),
  "missing-rows": kind("candles", { every: z.int().min(2).max(1_000).default(3) }),
  "duplicate-rows": kind("candles", { conflicting: z.boolean().default(false) }),
  "reversed-rows": kind("candles", none),
  "flapping-rows": kind("candles", { back: z.int().min(0).max(999).default(1) }),
  "revised-candle": kind("candles", none),
  "misaligned-rows": kind("candles", { shiftMs: z.int().default(7_000) }),
  "nan-price": kind("candles", none),
  "negative-price": kind("candles", none),
  "zero-price": kind("candles", none),
  "clock-skew": kind("time", { skewMs: z.int().default(11_000) }),
  "clock-step": kind("time", {
    stepMs: z.int().default(11_000),
    everyMs: z.int().min(1).default(600_000),
  }),
  "lost-order": kind("orders", none),
  "lost-answer": kind("orders", none),
} as const;

export type FaultKind = keyof typeof FAULT_KINDS;

export const ALL_FAULT_KINDS = Object.keys(FAULT_KINDS) as FaultKind[];

/** One way to go wrong, its parameters filled in. JSON-safe. */
export type Fault = {
  [Kind in FaultKind]: { readonly kind: Kind } & Filled<(typeof FAULT_KINDS)[Kind]["parameters"]>;
}[FaultKind];

type Filled<Parameters> = {
  readonly [Name in keyof Parameters]: z.infer<Parameters[Name]>;
};
