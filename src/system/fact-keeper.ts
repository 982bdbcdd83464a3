import type { HubEvent, Recorded } from "../market/events.ts";
import type { Clock } from "../runtime/clock.ts";
import { StoreFailure } from "../store/errors.ts";
import type { NewEvent, OutboxStore } from "../store/outbox-port.ts";

export interface FactKeeperDeps {
  readonly outbox: OutboxStore;
  /** Tells this hub's facts from those of another, and of an earlier start. */
  readonly runId: string;
  readonly machineClock: Clock;
  /** Told of facts that the database would not take. */
  readonly onFailure: (error: unknown) => void;
}

const RETRY_MS = 2_000;
const BATCH = 100;
/** While the database is away for long, the newest facts say most. */
const MOST_WAITING = 1_000;

/** Writes down, beside the hub's work, the facts that no table holds; all others tell themselves. */
export class FactKeeper {
  readonly #deps: FactKeeperDeps;
  readonly #stopping = new AbortController();
  #waiting: readonly NewEvent[] = [];
  #writing: Promise<void> | undefined;

  constructor(deps: FactKeeperDeps) {
    this.#deps = deps;
  }

  note({ seq, at, event }: Recorded): void {
    const subject = subjectOf(event);
    if (subject === undefined) return;
    const { kind, ...payload } = event;
    const fact = { key: `${this.#deps.runId}/${seq}`, at, kind, subject, payload };
    this.#waiting = [...this.#waiting, fact].slice(-MOST_WAITING);
    this.#writing ??= this.#write();
  }

  /** Tries once more to write what waits; what cannot be written now is let go. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, BATCH);
      const isDone = await this.#try(batch);
      if (!isDone && this.#stopping.signal.aborted) break;
      // More may have come meanwhile, and pushed out some of these.
      if (isDone) this.#waiting = this.#waiting.filter((fact) => !batch.includes(fact));
      else await this.#pause();
    }
    this.#writing = undefined;
  }

  /** False when the database is away: the same keys again do no harm. */
  async #try(batch: readonly NewEvent[]): Promise<boolean> {
    try {
      await this.#deps.outbox.add(batch);
      return true;
    } catch (error) {
      if (error instanceof StoreFailure && error.fault === "offline") return false;
      this.#deps.onFailure(error);
      return true;
    }
  }

  #pause(): Promise<void> {
    const { machineClock } = this.#deps;
    return machineClock.sleep(RETRY_MS, this.#stopping.signal).catch(() => undefined);
  }
}

/** Facts about the hub itself that no table holds. */
const SUBJECTS: { readonly [K in HubEvent["kind"]]?: string } = {
  "store-changed": "store",
  "vault-changed": "vault",
  "ledger-broken": "ledger",
  "ledger-unread": "ledger",
  "lease-lost": "leases",
  "configuration-refused": "configuration",
  "quotes-lost": "quotes",
  "quotes-back": "quotes",
};

/** What a fact is about; undefined for one that a table holds, or that is told too often to be kept. */
function subjectOf(event: HubEvent): string | undefined {
  if ("actor" in event) return event.actor;
  if (event.kind === "portfolio-saved") return event.portfolio;
  return SUBJECTS[event.kind];
}
