/** A fact that was written in the transaction that made it true. */
export interface OutboxEvent {
  /** Names it; hand it back to read on from there. */
  readonly id: number;
  /** UTC ms on the hub's clock. */
  readonly at: number;
  /** A kind of `HubEvent`, of this version of the hub or of another. */
  readonly kind: string;
  /** What it is about: a signal, an order, a position, a series, an actor. */
  readonly subject: string;
  readonly payload: { readonly [key: string]: unknown };
}

/** A fact that no table holds. */
export interface NewEvent extends Omit<OutboxEvent, "id"> {
  /** Chosen by the caller: the same key again adds nothing. */
  readonly key: string;
}

export interface OutboxStore {
  /**
   * The events behind the one that the reader has, 0 for all that are kept. Each comes once and none
   * is passed over, however late its transaction commits: the list ends before the oldest
   * transaction that is still writing. Ids name places in it; they need not rise.
   * @throws StoreFailure `event-gone` when that one is not kept any more.
   */
  after(id: number, limit: number): Promise<readonly OutboxEvent[]>;
  /** Adds facts, what looks like a credential left out; answers how many were new. */
  add(events: readonly NewEvent[]): Promise<number>;
}
