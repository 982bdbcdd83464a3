import { z } from "zod";
import { StartRefusal } from "../../../config/refusal.ts";
import { ALL_FAULT_KINDS, FAULT_KINDS, type Fault } from "./kinds.ts";
import type { Rule, Scope } from "./scripted.ts";
import type { Seeded } from "./seeded.ts";

/** What is to go wrong: by a script, or by draws from a seed. */
export type FaultPlan =
  | { readonly by: "script"; readonly rules: readonly Rule[] }
  | ({ readonly by: "seed" } & Seeded);

const count = z.int().min(0);
const time = { fromMs: count.default(0), forMs: z.int().min(1).optional() };
const scope = {
  path: z.string().optional(),
  symbol: z.string().optional(),
  interval: z.string().optional(),
  fromCall: count.default(0),
  calls: z.int().min(1).optional(),
  ...time,
} satisfies Record<keyof Scope, z.ZodType>;

const kind = z.enum(ALL_FAULT_KINDS, {
  error: ({ input }) => `${JSON.stringify(input) ?? "nothing"} is no kind of fault`,
});

const seeded = z.strictObject({
  seed: z.string().min(1).max(100),
  rate: z.number().min(0).max(1),
  kinds: z.array(kind).min(1).optional(),
  ...time,
});

/**
 * Reads what `sandboxFaults` holds: a list of rules, or an object with a seed.
 * @throws StartRefusal naming the rule and what is wrong with it.
 */
export function parseFaultPlan(json: unknown): FaultPlan {
  if (!Array.isArray(json)) return { by: "seed", ...read(seeded, json, []) };
  const rules = (json as readonly unknown[]).map((rule, i) => ruleOf(rule, [i]));
  return { by: "script", rules };
}

function ruleOf(json: unknown, place: readonly number[]): Rule {
  const named = read(z.looseObject({ kind }), json, place);
  const { parameters } = FAULT_KINDS[named.kind];
  const whole = z.strictObject({ kind: z.literal(named.kind), ...parameters, ...scope });
  const { path, symbol, interval, fromCall, calls, fromMs, forMs, ...fault } = read(
    whole,
    json,
    place,
  );
  return {
    // The schema of this kind has made it what the kind's type says.
    fault: fault as unknown as Fault,
    scope: { path, symbol, interval, fromCall, calls, fromMs, forMs },
  };
}

function read<Schema extends z.ZodType>(
  schema: Schema,
  json: unknown,
  place: readonly number[],
): z.infer<Schema> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = [...place, ...(issue?.path ?? [])].map(String).join(".");
  const where = path === "" ? "" : ` at ${path}`;
  throw new StartRefusal(`setting HUB_SANDBOX_FAULTS${where}: ${issue?.message ?? "invalid"}`);
}
