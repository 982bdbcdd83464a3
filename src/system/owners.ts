import type { HubEvent } from "../market/events.ts";
import type { Portfolio } from "../market/portfolio.ts";
import type { Series } from "../market/series.ts";
import { Ownership } from "../metrics/ownership.ts";
import type { WatchStore } from "../store/port.ts";

const CHANGES: ReadonlySet<HubEvent["kind"]> = new Set<HubEvent["kind"]>([
  "series-added",
  "series-removed",
  "portfolio-saved",
  "watchlist-changed",
  "store-changed",
]);

/** Which portfolio follows a pair, kept up to date with the store in the background. */
export class Owners {
  readonly #watch: Pick<WatchStore, "portfolios">;
  readonly #ownership = new Ownership();
  readonly #onChange: (portfolios: readonly Portfolio[]) => void;

  constructor(
    watch: Pick<WatchStore, "portfolios">,
    onChange: (portfolios: readonly Portfolio[]) => void,
  ) {
    this.#watch = watch;
    this.#onChange = onChange;
  }

  of(series: Series): string {
    return this.#ownership.of(series);
  }

  /** Reads the portfolios anew. A store that is away leaves them as they were. */
  async refresh(): Promise<void> {
    const portfolios = await this.#watch.portfolios().catch(() => undefined);
    if (portfolios === undefined) return;
    this.#ownership.set(portfolios);
    this.#onChange(portfolios);
  }

  onEvent(event: HubEvent): void {
    if (CHANGES.has(event.kind)) void this.refresh();
  }
}
