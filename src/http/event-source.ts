import type { Recorded } from "../market/events.ts";
import type { Cancel } from "../runtime/clock.ts";

/** The event stream, as much of it as HTTP uses. */
export interface EventSource {
  /** The events kept whose seq is above `seq`, oldest first. */
  since(seq: number): readonly Recorded[];
  subscribe(listener: (recorded: Recorded) => void): Cancel;
}
