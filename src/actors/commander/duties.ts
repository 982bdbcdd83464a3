import type { Cancel } from "../../runtime/clock.ts";
import { exchangeLease, type Leases } from "../../store/lease-port.ts";
import type { StoredSeries } from "../architect/protocol.ts";
import type { Following } from "./following.ts";

export interface DutiesDeps {
  readonly leases: Leases;
  readonly following: Pick<Following, "follow" | "letGo">;
  /** The series of an exchange as they are stored now, to be looked after from here on. */
  readonly takeUp: (exchange: string) => Promise<readonly StoredSeries[]>;
  /** Told of an exchange whose lease was gained or lost. */
  readonly onChange: (exchange: string) => void;
  readonly onFailure: (error: unknown) => void;
}

/**
 * The exchanges in use: those whose lease this hub holds are its own to look after, for the others it
 * stands by.
 */
export class Duties {
  readonly #deps: DutiesDeps;
  /** Exchanges in use, by the lease that is wanted for each. */
  readonly #wanted = new Map<string, string>();
  /** Exchanges whose series are taken up. */
  readonly #taken = new Set<string>();
  #forget: Cancel = () => undefined;

  constructor(deps: DutiesDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#forget = this.#deps.leases.onChange((name, isHeld) => {
      const exchange = this.#wanted.get(name);
      if (exchange === undefined) return;
      // A loss is not left to wait behind other messages: it takes effect here and now.
      if (!isHeld) this.#letGo(exchange).catch(this.#deps.onFailure);
      this.#deps.onChange(exchange);
    });
  }

  /** Listens no more; the leases themselves are given back by whoever keeps them. */
  stop(): void {
    this.#forget();
  }

  /** Whether this hub may poll an exchange, this moment. */
  holds(exchange: string): boolean {
    return this.#deps.leases.fence(exchangeLease(exchange)) !== undefined;
  }

  /** Wants the lease of an exchange from now on, and takes its series up when it is held at once. */
  async use(exchange: string): Promise<void> {
    const lease = exchangeLease(exchange);
    this.#wanted.set(lease, exchange);
    // Polled twice, a candle costs a request. Not polled, it may cost a trade.
    await this.#deps.leases.want(lease, { throughOutage: true });
    await this.#takeUp(exchange);
  }

  /** Brings what is done in line with the lease. */
  async follow(exchange: string): Promise<void> {
    if (this.holds(exchange)) await this.#takeUp(exchange);
    // What a message before this one began while the lease was lost already goes as well.
    else await this.#letGo(exchange);
  }

  /** Leaves an exchange on which nothing is followed any more to others. */
  async leave(exchange: string): Promise<void> {
    this.#taken.delete(exchange);
    await this.#deps.following.letGo(exchange, "nothing is followed there any more");
    const lease = exchangeLease(exchange);
    this.#wanted.delete(lease);
    await this.#deps.leases.drop(lease);
  }

  async #takeUp(exchange: string): Promise<void> {
    if (this.#taken.has(exchange) || !this.holds(exchange)) return;
    this.#taken.add(exchange);
    const found = await this.#deps.takeUp(exchange);
    await Promise.all(found.map((series) => this.#deps.following.follow(series)));
  }

  #letGo(exchange: string): Promise<void> {
    this.#taken.delete(exchange);
    return this.#deps.following.letGo(exchange, "its lease was lost");
  }
}
