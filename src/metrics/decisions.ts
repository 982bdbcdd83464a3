import { BoundedLabel } from "./labels.ts";
import { type Maker, seconds } from "./make.ts";

/** Signals and what became of them. */
export class DecisionMetrics {
  readonly #signals;
  readonly #duration;
  readonly #rejections;
  readonly #verdicts;
  readonly #strategy = new BoundedLabel(40);
  readonly #reason = new BoundedLabel(40);

  constructor(make: Maker, strategies: readonly string[]) {
    this.#signals = make.counter("engine_signals_total", "Signals raised", ["strategy", "side"]);
    this.#duration = make.histogram(
      "engine_decision_duration_seconds",
      "Candle in hand to verdict stored",
      ["strategy"],
      [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    );
    this.#verdicts = make.counter("engine_verdicts_total", "Verdicts on signals", [
      "strategy",
      "decision",
    ]);
    this.#rejections = make.counter(
      "engine_rejections_total",
      "Signals refused, once for each check that failed",
      ["portfolio", "reason"],
    );
    for (const strategy of strategies) this.#knowStrategy(strategy);
  }

  /** Starts the refusals of a portfolio at zero. */
  know(portfolio: string, reasons: readonly string[]): void {
    for (const reason of reasons) {
      this.#rejections.inc({ portfolio, reason: this.#reason.of(reason) }, 0);
    }
  }

  raised(strategy: string, side: string): void {
    this.#knowStrategy(strategy);
    this.#signals.inc({ strategy: this.#strategy.of(strategy), side });
  }

  decided(strategy: string, decision: "accepted" | "refused", latencyMs: number): void {
    this.#knowStrategy(strategy);
    this.#verdicts.inc({ strategy: this.#strategy.of(strategy), decision });
    this.#duration.observe({ strategy: this.#strategy.of(strategy) }, seconds(latencyMs));
  }

  refused(portfolio: string, reasons: readonly string[]): void {
    for (const reason of reasons) {
      this.#rejections.inc({ portfolio, reason: this.#reason.of(reason) });
    }
  }

  #knowStrategy(strategy: string): void {
    if (!this.#strategy.isNew(strategy)) return;
    this.#duration.zero({ strategy });
    for (const decision of ["accepted", "refused"]) this.#verdicts.inc({ strategy, decision }, 0);
    for (const side of ["buy", "sell"]) this.#signals.inc({ strategy, side }, 0);
  }
}
