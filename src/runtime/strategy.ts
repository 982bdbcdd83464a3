import type { SupervisorSpec } from "./spec.ts";

/**
 * Who goes down beside a failed child, in order of start, the failed one left out.
 * @param children in order of start.
 */
export function affectedBy<T>(
  strategy: SupervisorSpec["strategy"],
  children: readonly T[],
  failed: T,
): T[] {
  switch (strategy) {
    case "one_for_one":
      return [];
    case "one_for_all":
      return children.filter((child) => child !== failed);
    case "rest_for_one": {
      const place = children.indexOf(failed);
      return place < 0 ? [] : children.slice(place + 1);
    }
  }
}
