import type { Clock } from "../../runtime/clock.ts";

const LOOK_EVERY_MS = 100;

/** Looks again and again until there is an answer. @throws Error saying what never came. */
export async function until<T>(
  clock: Clock,
  limitMs: number,
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const end = clock.monotonicMs() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (clock.monotonicMs() > end) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await clock.sleep(LOOK_EVERY_MS);
  }
}
