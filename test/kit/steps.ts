import type { StepWatch } from "../../src/runtime/step-watch.ts";

/** Of a clock that nobody sets. */
export const NO_STEPS: Pick<StepWatch, "onStep"> = { onStep: () => () => undefined };
