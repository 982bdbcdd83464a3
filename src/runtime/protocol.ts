/** The most useful shape of an actor's public face: topics by name. */
// biome-ignore lint: a protocol is any object type whose members are topics
export type Protocol = object;

/**
 * One thing an actor can be told or asked. Types only: a protocol never exists at run time.
 * Messages and replies are plain JSON-safe values, since sender and receiver may not share a process.
 */
export interface Topic<Message, Reply = void> {
  readonly message: Message;
  readonly reply: Reply;
}

export type TopicName<P extends Protocol> = keyof P & string;
export type MessageOf<P extends Protocol, K extends TopicName<P>> =
  P[K] extends Topic<infer Message, unknown> ? Message : never;
export type ReplyOf<P extends Protocol, K extends TopicName<P>> =
  P[K] extends Topic<unknown, infer Reply> ? Reply : never;

/** What an actor's class must have: one method per topic. */
export type Handlers<P extends Protocol> = {
  readonly [K in TopicName<P>]: (
    message: MessageOf<P, K>,
  ) => ReplyOf<P, K> | Promise<ReplyOf<P, K>>;
};

/**
 * As {@link Handlers}, but the topics in B take all waiting messages at once, in order, and answer
 * each of them in the same order. Idle actors then handle one message, busy ones hundreds.
 */
export type BatchHandlers<P extends Protocol, B extends TopicName<P>> = Omit<Handlers<P>, B> & {
  readonly [K in B]: (
    messages: readonly MessageOf<P, K>[],
  ) => readonly ReplyOf<P, K>[] | Promise<readonly ReplyOf<P, K>[]>;
};

export interface AskOptions {
  /** How long to wait for the answer, machine ms. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Where messages go. A ref stays valid while its actor is restarted. */
export interface Ref<P extends Protocol> {
  /** Path of the actor in the tree, unique: `commander/analysts/analyst:binance:BTC/USDT:15m`. */
  readonly id: string;
  /** Leaves a message. Never throws: what cannot be delivered becomes a dead letter. */
  tell<K extends TopicName<P>>(topic: K, message: MessageOf<P, K>): void;
  /**
   * Leaves a message and waits for the answer. Asks and tells of one sender arrive in order.
   * @throws AskFailure when the limit passes, the mailbox is full, the actor stops or its handler
   *   throws. A limit that passes does not take the message back: the handler may still run.
   */
  ask<K extends TopicName<P>>(
    topic: K,
    message: MessageOf<P, K>,
    options?: AskOptions,
  ): Promise<ReplyOf<P, K>>;
}
