import type { RawSignal } from "../../market/signal.ts";
import type { Topic } from "../../runtime/protocol.ts";

/** What the gatekeeper can be told. */
export interface GatekeeperProtocol {
  /** Judges a signal; answers once its verdict is stored and what was accepted is queued. */
  readonly review: Topic<RaisedSignal>;
  /** What it tells itself: the market's facts are in hand, the signal's turn has come. */
  readonly judge: Topic<RaisedSignal & { readonly exchangeMs: number }>;
  /** Stops all buying until resumed; holds across restarts. Answers once it is written down. */
  readonly halt: Topic<{ readonly by: string; readonly reason: string }, HaltState>;
  readonly resume: Topic<{ readonly by: string }, HaltState>;
}

export interface RaisedSignal {
  readonly signal: RawSignal;
  /** When the exchange's answer with its candle was in hand, machine ms. */
  readonly answeredAt: number;
}

/** Whether trading was and is halted. */
export interface HaltState {
  readonly before: boolean;
  readonly halted: boolean;
}
