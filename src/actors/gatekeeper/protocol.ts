import type { Halt, HaltOrder, HaltScope } from "../../market/halt.ts";
import type { RawSignal } from "../../market/signal.ts";
import type { Topic } from "../../runtime/protocol.ts";

/** What the gatekeeper can be told. */
export interface GatekeeperProtocol {
  /** Judges a signal; answers once its verdict is stored and what was accepted is queued. */
  readonly review: Topic<RaisedSignal>;
  /** What it tells itself: the market's facts are in hand, the signal's turn has come. */
  readonly judge: Topic<RaisedSignal & { readonly exchangeMs: number }>;
  /** Holds a part back, or everything, until resumed; across restarts. Answers once it is written down. */
  readonly halt: Topic<Omit<HaltOrder, "cause">, HaltState>;
  /** Ends all that holds back exactly this, whoever wanted it. */
  readonly resume: Topic<{ readonly scope: HaltScope; readonly by: string }, HaltState>;
}

export interface RaisedSignal {
  readonly signal: RawSignal;
  /** When the exchange's answer with its candle was in hand, machine ms. */
  readonly answeredAt: number;
}

/** Whether what was asked for was and is held back. */
export interface HaltState {
  readonly before: boolean;
  readonly halted: boolean;
  /** All halts that stand now, those of other parts included. */
  readonly halts: readonly Halt[];
}
