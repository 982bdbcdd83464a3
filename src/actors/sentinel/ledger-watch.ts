import type { HubEvent } from "../../market/events.ts";
import type { Clock } from "../../runtime/clock.ts";
import { messageOf } from "../../runtime/errors.ts";
import type { StoreGate } from "../../store/gate.ts";
import type { LedgerReport } from "../../vault/ledger/verify.ts";

export interface LedgerWatchDeps {
  /** Recomputes the whole ledger, and holds it against what was noted of it outside. */
  readonly verifyLedger: () => Promise<LedgerReport>;
  readonly gate: StoreGate;
  readonly machineClock: Clock;
  readonly publish: (event: HubEvent) => void;
}

/** Somebody who altered the ledger is known after this time at the latest, machine ms. */
const EVERY_MS = 86_400_000;
/** What could not be read is read again after this time, machine ms. */
const AGAIN_MS = 3_600_000;

/**
 * Finds out now and every day whether the ledger of secrets is whole, and tells it, until the signal
 * is aborted. What cannot be read crashes nobody: a fresh start would read no better, and lines can
 * still be written behind it.
 */
export async function watchLedger(deps: LedgerWatchDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const fact = await look(deps, signal);
    if (signal.aborted) return;
    deps.publish(fact);
    const waitMs = fact.kind === "ledger-unread" ? AGAIN_MS : EVERY_MS;
    await deps.machineClock.sleep(waitMs, signal).catch(() => undefined);
  }
}

async function look(
  { verifyLedger, gate }: LedgerWatchDeps,
  signal: AbortSignal,
): Promise<HubEvent> {
  try {
    const { lines, broken } = await gate.run(signal, verifyLedger);
    return broken === null
      ? { kind: "ledger-verified", lines }
      : { kind: "ledger-broken", ...broken };
  } catch (error) {
    return { kind: "ledger-unread", reason: messageOf(error) };
  }
}
