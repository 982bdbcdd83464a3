import type { PulseStore } from "../../store/port.ts";
import type { Ledger, LedgerHead } from "../../vault/ledger/ledger.ts";

/** What a note of the ledger's head is called in the audit log. */
const ANCHOR = "ledger.anchor";

/**
 * Notes how far the ledger of secrets goes in the audit log, outside of its own file: whoever cuts
 * its end off, or writes it anew, contradicts a note.
 */
export class Anchors {
  readonly #ledger: Pick<Ledger, "head" | "id">;
  readonly #pulse: Pick<PulseStore, "audit">;
  #noted = 0;

  constructor(ledger: Pick<Ledger, "head" | "id">, pulse: Pick<PulseStore, "audit">) {
    this.#ledger = ledger;
    this.#pulse = pulse;
  }

  /** Whether there are lines that no note covers. */
  get isBehind(): boolean {
    return this.#ledger.head.n > this.#noted;
  }

  async note(at: number): Promise<void> {
    const { head, id } = this.#ledger;
    const detail = { ledger: id, n: head.n, hash: head.hash };
    await this.#pulse.audit({ at, who: "sentinel", what: ANCHOR, detail });
    this.#noted = head.n;
  }
}

/** Reads a note back; undefined for another entry, or the note of another ledger. */
export function readAnchor(
  entry: { readonly what: string; readonly detail: unknown },
  ledger: string,
): LedgerHead | undefined {
  if (entry.what !== ANCHOR) return undefined;
  const { detail } = entry;
  if (typeof detail !== "object" || detail === null) return undefined;
  const { ledger: of, n, hash } = detail as Readonly<Record<string, unknown>>;
  if (of !== ledger || typeof n !== "number" || typeof hash !== "string") return undefined;
  return { n, hash };
}
