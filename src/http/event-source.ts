import type { Recorded } from "../market/events.ts";
import type { Cancel } from "../runtime/clock.ts";

/** The event stream, as much of it as HTTP uses. */
export interface EventSource {
  /** Seq of the newest event; 0 before the first. */
  readonly lastSeq: number;
  /** Seq of the oldest event still kept; 0 before the first. */
  readonly oldestSeq: number;
  /** The events kept whose seq is above `seq`, oldest first. */
  since(seq: number): readonly Recorded[];
  subscribe(listener: (recorded: Recorded) => void): Cancel;
}
