import { HALT_CAUSES, HALT_MODES } from "../../market/halt.ts";
import { exchange, ms, pair } from "./common.ts";
import { z } from "./zod.ts";

const name = z.string().trim().min(1).max(100);

/** What is held back. */
const scope = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("global") }),
    z.strictObject({ kind: z.literal("exchange"), exchange }),
    z.strictObject({ kind: z.literal("pair"), exchange, pair }),
    z.strictObject({ kind: z.literal("strategy"), strategy: name }),
    z.strictObject({ kind: z.literal("portfolio"), portfolio: name }),
  ])
  .openapi({
    description: "Everything, or what is traded in one place, by one strategy, for one portfolio.",
  });

const mode = z.enum(HALT_MODES).openapi({
  description:
    "`no-entries`: no new position; `reduce-only`: nothing is bought; `flatten`: what is held is sold as well; `quarantine`: no order at all.",
});

export const halt = z.object({
  scope,
  mode,
  cause: z.enum(HALT_CAUSES),
  by: z.string(),
  reason: z.string(),
  at: ms,
});

/** All halts that stand, oldest first. */
export const haltList = z.object({ halts: z.array(halt).readonly() });

export const haltOrder = z.strictObject({
  scope: scope.default({ kind: "global" }),
  mode: mode.default("reduce-only"),
  reason: z.string().trim().min(1).max(200).default("no reason given"),
});

export const resumeOrder = z.strictObject({ scope: scope.default({ kind: "global" }) });

/** Whether what was asked for was and is held back, and all that stands by now. */
export const haltState = haltList.extend({ before: z.boolean(), halted: z.boolean() });
