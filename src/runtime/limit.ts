import type { Clock } from "./clock.ts";
import { FailureError } from "./errors.ts";

/**
 * Waits for work no longer than a limit.
 * The work itself is not ended: give it a signal of its own for that.
 * @throws FailureError `time-limit` when the limit passes first.
 */
export function withLimit<T>(
  clock: Clock,
  limitMs: number,
  what: string,
  work: PromiseLike<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(limitMs, () => {
      const message = `${what} took longer than ${limitMs} ms`;
      reject(new FailureError("time-limit", message, { retry: "unknown" }));
    });
    work.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (error: unknown) => {
        cancel();
        reject(error as Error);
      },
    );
  });
}
