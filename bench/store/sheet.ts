/** How long some work took, ms. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** The figure below which a share of all lies; 0.5 is the median. */
export function percentile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (figures: readonly number[]): number => percentile(figures, 0.5);

/** Prints times as they come. */
export function printTimes(what: string, times: readonly number[]): void {
  const at = (share: number): string => `${percentile(times, share).toFixed(1)} ms`;
  const spread = `p50 ${at(0.5)}  p90 ${at(0.9)}  p99 ${at(0.99)}  best ${at(0)}`;
  console.log(`${what.padEnd(58)} ${spread}`);
}

interface Target {
  readonly what: string;
  readonly measured: string;
  readonly target: string;
  readonly met: boolean;
}

/** The promises that a run measures, each with what came out. */
export class Sheet {
  readonly #targets: Target[] = [];

  atLeast(what: string, measured: number, target: number): void {
    this.#add(what, `${measured.toFixed(2)} x`, `>= ${target} x`, measured >= target);
  }

  atMost(what: string, measured: number, target: number, unit: string): void {
    this.#add(what, `${measured.toFixed(1)} ${unit}`, `<= ${target} ${unit}`, measured <= target);
  }

  /**
   * Prints what was promised and what came out.
   * @throws Error when a promise is not kept, so that the run ends with an exit code of its own.
   */
  print(): void {
    console.log("\n| promise | measured | target | |\n| --- | --- | --- | --- |");
    for (const { what, measured, target, met } of this.#targets) {
      console.log(`| ${what} | ${measured} | ${target} | ${met ? "pass" : "FAIL"} |`);
    }
    const broken = this.#targets.filter(({ met }) => !met);
    if (broken.length > 0) throw new Error(`${broken.length} of these are not kept`);
  }

  #add(what: string, measured: string, target: string, met: boolean): void {
    this.#targets.push({ what, measured, target, met });
  }
}
