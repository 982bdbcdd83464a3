import type { Check } from "../check.ts";

/**
 * Limits that nobody has confirmed for long may not be what their owner wants any more, and neither
 * may a strategy that was switched off since. What is held is managed all the same.
 */
export const configurationFresh: Check = {
  name: "configuration-fresh",
  unit: "ms",
  isEntryOnly: true,
  measure({ signal, configuration: { isRunning, ageMs, maxAgeMs } }) {
    const { name, version } = signal.config;
    if (typeof name !== "string" || typeof version !== "number") {
      throw new RangeError("the signal names no configuration");
    }
    if (ageMs === undefined) throw new RangeError("the vault has never confirmed what runs");
    const isFresh = ageMs >= 0 && ageMs <= maxAgeMs;
    return {
      passed: isRunning === true && isFresh,
      measured: ageMs,
      limit: maxAgeMs,
      dataAgeMs: ageMs,
      detail: isRunning
        ? `${name} version ${version}, confirmed ${Math.round(ageMs)} ms ago`
        : `${name} version ${version} runs no more`,
    };
  },
};
