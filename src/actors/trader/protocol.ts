import type { Topic } from "../../runtime/protocol.ts";

/** What the trader can be told. */
export interface TraderProtocol {
  /** Something waits in the queue, or may be due: look. */
  readonly work: Topic<null>;
  /** Time to look at open positions' stops and targets, and at orders of unknown outcome. */
  readonly guard: Topic<null>;
}
