import type { ServerResponse } from "node:http";
import { type Clock, machineClock } from "../../../runtime/clock.ts";
import { CallCounter } from "./call-counter.ts";
import type { Fault } from "./kinds.ts";
import { refusalOf } from "./refuse.ts";
import type { Asked, FaultSource } from "./source.ts";
import { spoilAnswer } from "./spoil-answer.ts";

/** A request that is to be answered, for better or worse. */
interface Call {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly response: ServerResponse;
  /** What the venue has to say; it may throw. */
  readonly answer: () => unknown;
  /** Says something with status 200. */
  readonly send: (text: string) => void;
  /** Does later what may throw as the request itself may. */
  readonly guard: (work: () => void) => void;
  /** Lets the whole exchange refuse connections for so long, ms of its clock. */
  readonly goAway: (forMs: number) => void;
}

/** The bad line between the exchange and whoever asks: all that goes wrong with requests does so here. */
export class FaultLine {
  readonly #source: FaultSource;
  readonly #clock: Clock;
  readonly #counter: CallCounter;
  #closedUntil = Number.NEGATIVE_INFINITY;

  /** @param clock the exchange's. */
  constructor(source: FaultSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
    this.#counter = new CallCounter(clock);
  }

  /** Answers a request, as well as its fault lets it. */
  carry(call: Call): void {
    const { path, query, response } = call;
    const asked = this.#counter.next(path, query.get("symbol"), query.get("interval"));
    const fault = this.#faultOf(asked);
    const refusal = refusalOf(fault);
    if (refusal !== undefined) {
      response.writeHead(refusal.status, refusal.headers);
      response.end(refusal.body);
    } else if (fault?.kind === "connection-refused") {
      call.goAway(fault.lastsMs);
    } else if (fault?.kind === "connection-reset") {
      response.socket?.resetAndDestroy();
    } else if (fault?.kind === "slow-headers") {
      const work = (): void => this.#say(call, fault, asked);
      const cancel = machineClock.after(fault.waitMs, () => call.guard(work));
      response.once("close", cancel);
    } else {
      this.#say(call, fault, asked);
    }
  }

  #faultOf(asked: Asked): Fault | undefined {
    const fault = this.#source(asked);
    const now = this.#clock.monotonicMs();
    if (now < this.#closedUntil) return { kind: "maintenance", lastsMs: 0 };
    if (fault?.kind === "maintenance") this.#closedUntil = now + fault.lastsMs;
    return fault;
  }

  #say({ response, answer, send }: Call, fault: Fault | undefined, { call }: Asked): void {
    const moment = { nowMs: this.#clock.nowMs(), call };
    const text = JSON.stringify(spoilAnswer(fault, answer(), moment));
    const half = text.slice(0, Math.ceil(text.length / 2));
    if (fault?.kind === "truncated-json") send(half);
    else if (fault?.kind === "stalled-body") begin(response, text, half);
    else if (fault?.kind === "cut-body") {
      begin(response, text, half, () => response.socket?.destroy());
    } else send(text);
  }
}

/** Promises a whole body and sends a part of it. */
function begin(response: ServerResponse, whole: string, part: string, then?: () => void): void {
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(whole),
  });
  response.write(part, then);
}
