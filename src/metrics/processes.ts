import type { Clock } from "../runtime/clock.ts";
import type { KitEvent, ProcessFigures } from "../runtime/spec.ts";
import { actorKind, BoundedLabel } from "./labels.ts";
import { type Maker, seconds } from "./make.ts";

/** The hub's own process; each forked actor is a slot of its own, whichever process fills it. */
const MAIN = "main";
/** Heartbeats come several times a second; without one for this long the figures are old, machine ms. */
const STALE_AFTER_MS = 10_000;

interface Slot {
  /** Of the process that fills it now. */
  cpuSeconds: number;
  beatAtMs: number;
}

/** What each process uses. A slot's counters go on where its last process ended. */
export class ProcessMetrics {
  readonly #clock: Clock;
  readonly #resident;
  readonly #heap;
  readonly #lag;
  readonly #cpu;
  readonly #stale;
  readonly #heartbeat;
  readonly #slots = new Map<string, Slot>();
  readonly #slot = new BoundedLabel(40);

  /** @param clock the machine's: processes live on it. */
  constructor(make: Maker, clock: Clock) {
    this.#clock = clock;
    const slot = ["slot"] as const;
    this.#resident = make.gauge("engine_process_resident_memory_bytes", "Memory in use", slot);
    this.#heap = make.gauge("engine_process_heap_used_bytes", "JavaScript heap in use", slot);
    this.#lag = make.gauge(
      "engine_process_eventloop_lag_p99_seconds",
      "99 of a hundred delays of the event loop since the last look were shorter",
      slot,
    );
    this.#cpu = make.counter(
      "engine_process_cpu_seconds_total",
      "Processor time, over all processes that filled the slot",
      slot,
    );
    this.#stale = make.gauge(
      "engine_metrics_child_stale",
      "1 while a process has not told its figures for long, so that they are its last",
      slot,
    );
    this.#heartbeat = make.gauge(
      "engine_heartbeat_timestamp_seconds",
      "When an actor in a process of its own answered last",
      ["actor"],
    );
  }

  /** What the hub's own process uses, read at each scrape. */
  main(figures: ProcessFigures): void {
    this.#told(MAIN, figures);
  }

  onKitEvent(event: KitEvent): void {
    const slot = this.#slot.of(actorKind(event.actor));
    if (event.kind === "beat") {
      this.#told(slot, event.figures);
      this.#heartbeat.set({ actor: slot }, this.#clock.nowMs() / 1_000);
    }
    if (event.kind === "started") this.#refill(slot);
    if (event.kind === "stopped") this.#forget(slot);
  }

  beforeScrape(): void {
    const now = this.#clock.monotonicMs();
    for (const [slot, { beatAtMs }] of this.#slots) {
      this.#stale.set({ slot }, now - beatAtMs > STALE_AFTER_MS ? 1 : 0);
    }
  }

  #told(slot: string, figures: ProcessFigures): void {
    const before = this.#slots.get(slot)?.cpuSeconds ?? 0;
    const { residentBytes, heapUsedBytes, cpuSeconds, loopLagP99Ms } = figures;
    this.#cpu.inc({ slot }, Math.max(0, cpuSeconds - before));
    this.#slots.set(slot, { cpuSeconds, beatAtMs: this.#clock.monotonicMs() });
    this.#resident.set({ slot }, residentBytes);
    this.#heap.set({ slot }, heapUsedBytes);
    this.#lag.set({ slot }, seconds(loopLagP99Ms));
  }

  /** Another process fills it: all of that one's time is new, however much it is. */
  #refill(slot: string): void {
    const known = this.#slots.get(slot);
    if (known !== undefined) known.cpuSeconds = 0;
  }

  /** Its processor time stays: a counter must not fall. */
  #forget(slot: string): void {
    if (!this.#slots.delete(slot)) return;
    for (const gauge of [this.#resident, this.#heap, this.#lag, this.#stale])
      gauge.remove({ slot });
    this.#heartbeat.remove({ actor: slot });
  }
}
