import type { Work } from "./mailbox.ts";

/** What runs one life of an actor, in this process or in another. */
export interface Engine {
  /** Process of its own, if any. */
  readonly pid: number | undefined;
  /** Resolves once messages can be handled. What {@link dispose} cuts off may never settle. */
  start(): Promise<void>;
  readonly work: Work;
  /** Lets the behaviour end in its own way. Always called before {@link dispose}. */
  stop(reason: string): Promise<void>;
  /** Ends for certain whatever is left; nothing is running any more once it resolves. */
  dispose(): Promise<void>;
}
