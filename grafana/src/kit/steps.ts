import type { Step } from "./panel.ts";

/** Red below a number that must be reached, green from there on. */
export function atLeast(enough: number): readonly Step[] {
  return [
    [null, "red"],
    [enough, "green"],
  ];
}

/** Green as long as it is low, yellow where somebody should look, red where somebody must. */
export function atMost(look: number, act: number): readonly Step[] {
  return [
    [null, "green"],
    [look, "yellow"],
    [act, "red"],
  ];
}

/** For what is 0 on a good day and 1 otherwise. */
export const NEVER: readonly Step[] = [
  [null, "green"],
  [1, "red"],
];
