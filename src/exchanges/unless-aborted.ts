/** Waits for something shared, or until the signal says that this asker has had enough. */
export async function unlessAborted<T>(
  shared: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return shared;
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort, { once: true });
    void shared.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
