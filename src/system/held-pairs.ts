import type { HubEvent } from "../market/events.ts";

/** Pairs with an open position, so that their candles are asked for first. */
export class HeldPairs {
  readonly #held = new Map<string, Set<string>>();

  hold(exchange: string, pair: string): void {
    const pairs = this.#held.get(exchange) ?? new Set<string>();
    this.#held.set(exchange, pairs.add(pair));
  }

  onEvent(event: HubEvent): void {
    if (event.kind === "order-filled" && event.side === "buy")
      this.hold(event.exchange, event.pair);
    if (event.kind === "position-closed") this.#held.get(event.exchange)?.delete(event.pair);
  }

  of(exchange: string): readonly string[] {
    return [...(this.#held.get(exchange) ?? [])];
  }
}
