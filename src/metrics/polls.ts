import type { PollOutcome } from "../market/events.ts";
import { type Series, seriesKey } from "../market/series.ts";
import { type Maker, seconds } from "./make.ts";

const OUTCOMES: readonly PollOutcome[] = ["ok", "missing", "corrupt", "failed", "banned"];
const OPERATION = "candles";

/** Requests to exchanges: their outcomes, their time, what is tried again, what budget is left. */
export class PollMetrics {
  readonly #polls;
  readonly #duration;
  readonly #retries;
  readonly #pending;
  readonly #budget;
  readonly #skew;
  readonly #circuit;
  /** How the last poll of a series ended: the reason of the next one, if that is a retry. */
  readonly #last = new Map<string, PollOutcome>();
  readonly #waiting = new Map<string, Set<string>>();
  readonly #known = new Set<string>();

  constructor(make: Maker) {
    this.#polls = make.counter("engine_polls_total", "Exchange polls", [
      "exchange",
      "timeframe",
      "outcome",
    ]);
    this.#duration = make.histogram(
      "engine_poll_duration_seconds",
      "Time of a request to an exchange",
      ["exchange", "operation"],
      [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    );
    this.#retries = make.counter("engine_poll_retries_total", "Polls done again", [
      "exchange",
      "reason",
    ]);
    this.#pending = make.gauge("engine_retries_pending", "Candles waiting for a retry", [
      "exchange",
    ]);
    this.#budget = make.gauge(
      "engine_exchange_rate_limit_remaining_ratio",
      "Share of the request budget left",
      ["exchange"],
    );
    this.#circuit = make.gauge(
      "engine_circuit_state",
      "1 for how things stand: open while the exchange's last word was to stay away, else closed",
      ["exchange", "state"],
    );
    this.#skew = make.gauge("engine_clock_skew_seconds", "Local minus exchange clock", [
      "exchange",
    ]);
  }

  know({ exchange, timeframe }: Series): void {
    if (this.#isNew(`${exchange}:${timeframe}`)) {
      for (const outcome of OUTCOMES) this.#polls.inc({ exchange, timeframe, outcome }, 0);
    }
    if (!this.#isNew(exchange)) return;
    this.#duration.zero({ exchange, operation: OPERATION });
    this.#pending.set({ exchange }, 0);
    this.#setCircuit(exchange, "closed");
    for (const reason of OUTCOMES.slice(1)) this.#retries.inc({ exchange, reason }, 0);
  }

  finished(series: Series, outcome: PollOutcome, attempt: number, durationMs: number): void {
    const { exchange, timeframe } = series;
    this.#polls.inc({ exchange, timeframe, outcome });
    this.#duration.observe({ exchange, operation: OPERATION }, seconds(durationMs));
    // A request that failed says nothing of whether the next one is welcome.
    if (outcome !== "failed") this.#setCircuit(exchange, outcome === "banned" ? "open" : "closed");
    const key = seriesKey(series);
    if (attempt > 1) this.#retries.inc({ exchange, reason: this.#last.get(key) ?? "missing" });
    if (outcome === "ok") this.#last.delete(key);
    else this.#last.set(key, outcome);
  }

  waiting(series: Series, openTime: number): void {
    const held = this.#waiting.get(series.exchange) ?? new Set<string>();
    this.#waiting.set(series.exchange, held.add(`${seriesKey(series)}@${openTime}`));
    this.#pending.set({ exchange: series.exchange }, held.size);
  }

  settled(series: Series, openTime: number): void {
    const held = this.#waiting.get(series.exchange);
    if (held?.delete(`${seriesKey(series)}@${openTime}`) !== true) return;
    this.#pending.set({ exchange: series.exchange }, held.size);
  }

  forget(series: Series): void {
    const key = seriesKey(series);
    this.#last.delete(key);
    const held = this.#waiting.get(series.exchange);
    if (held === undefined) return;
    for (const entry of held) if (entry.startsWith(`${key}@`)) held.delete(entry);
    this.#pending.set({ exchange: series.exchange }, held.size);
  }

  /** @param offsetMs exchange time minus hub time. */
  exchange(exchange: string, state: { budgetLeft?: number; offsetMs?: number }): void {
    if (state.budgetLeft !== undefined) this.#budget.set({ exchange }, state.budgetLeft);
    if (state.offsetMs !== undefined) this.#skew.set({ exchange }, 0 - state.offsetMs / 1_000);
  }

  #setCircuit(exchange: string, current: "open" | "closed"): void {
    for (const state of ["open", "closed"]) {
      this.#circuit.set({ exchange, state }, state === current ? 1 : 0);
    }
  }

  #isNew(key: string): boolean {
    if (this.#known.has(key)) return false;
    this.#known.add(key);
    return true;
  }
}
