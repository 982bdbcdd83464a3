import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { send } from "../kit/client.ts";
import { TOKENS } from "../kit/fakes.ts";
import type { Document } from "../kit/sample.ts";
import { faultsOf } from "./faults.ts";
import { requestsTo, type Target } from "./requests.ts";
import { exchange, type WireAnswer, type WireRequest } from "./wire.ts";

/** A request that takes longer hangs. */
const LIMIT_MS = 20_000;
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 60);
/** The same requests in every run, unless told otherwise: FUZZ_SEED=random finds new ones. */
const SEED =
  process.env["FUZZ_SEED"] === "random"
    ? randomBytes(4).readInt32LE()
    : Number(process.env["FUZZ_SEED"] ?? 20_260_105);
const WHO = [TOKENS.admin, TOKENS.admin, TOKENS.admin, TOKENS.viewer, "unknown", undefined];

export interface FuzzOptions {
  readonly secrets?: readonly string[];
  readonly limitMs?: number;
  /** Looks at an answer in its own way; throws when it finds something. */
  readonly check?: (request: WireRequest, answer: WireAnswer) => void;
}

/** Every operation that the hub at `url` describes. */
export async function targetsOf(url: string): Promise<readonly Target[]> {
  const { paths } = (await send(url, "/openapi.json")).json as Document;
  return Object.entries(paths).flatMap(([pattern, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      return { method: method.toUpperCase(), pattern, operation };
    }),
  );
}

/**
 * Drives one operation with requests of every kind.
 * @throws with the smallest request found that breaks a promise, and the seed that leads to it.
 */
export async function fuzz(url: string, target: Target, options: FuzzOptions = {}): Promise<void> {
  const { secrets = Object.values(TOKENS), limitMs = LIMIT_MS, check } = options;
  const port = Number(new URL(url).port);
  const property = fc.asyncProperty(requestsTo(target, WHO), async (request) => {
    const answer = await exchange(port, request, limitMs);
    const faults = faultsOf(answer, target.operation, secrets);
    if (faults.length > 0) throw new Error(`${told(request)} ${faults.join(" and ")}`);
    check?.(request, answer);
  });
  await fc.assert(property, { numRuns: RUNS, seed: SEED, includeErrorInReport: true });
}

function told({ method, target, body }: WireRequest): string {
  const sent = body === undefined ? "" : ` with ${body.toString("latin1").slice(0, 200)}`;
  return `${method} ${target.slice(0, 300)}${sent}`;
}
