import type { Clock } from "../runtime/clock.ts";
import type { StoreFigures, UpkeepStore } from "../store/upkeep-port.ts";

/** A scrape must not count the rows of a database, and its size changes slowly. */
const EVERY_MS = 5 * 60_000;

/**
 * Reads how large the store is, now and then, until the returned function is called. While it
 * cannot be read, the last figures stand.
 */
export function watchStoreSize(
  upkeep: Pick<UpkeepStore, "figures">,
  machineClock: Clock,
  onFigures: (figures: StoreFigures) => void,
): () => void {
  const controller = new AbortController();
  const watch = async (): Promise<void> => {
    while (!controller.signal.aborted) {
      await upkeep.figures().then(onFigures, () => {});
      await machineClock.sleep(EVERY_MS, controller.signal).catch(() => {});
    }
  };
  void watch();
  return () => controller.abort();
}
