import { z } from "zod";
import type { VaultBox } from "../../vault/embedded/box.ts";
import type { StrategyRow } from "../../vault/port.ts";

/** What was good of what the vault said, and when it last said so, machine wall time in UTC ms. */
export interface Remembered {
  /** Those that ran, and those that were switched off. */
  readonly rows: readonly StrategyRow[];
  /** Whether the vault had no row at all: rows of which none is good are something else. */
  readonly isEmpty: boolean;
  readonly confirmedAt: number;
}

/** The last good configuration, for a start while the vault is away. */
export interface ConfigMemory {
  /** Undefined when there is none, or it cannot be read any more. */
  read(): Promise<Remembered | undefined>;
  write(remembered: Remembered): Promise<void>;
}

const PATH = "hub/memory/strategies";
const anything = z.record(z.string(), z.unknown());
const shape = z.object({
  confirmedAt: z.number(),
  isEmpty: z.boolean(),
  rows: z.array(
    z.object({
      strategyId: z.string(),
      params: anything,
      symbols: z.array(z.unknown()),
      riskLimits: anything,
      enabled: z.boolean(),
      version: z.number(),
    }),
  ),
});

/** Keeps it sealed: limits and sizes are nobody's business, and nobody shall widen them in a file. */
export function sealedConfigMemory(box: VaultBox): ConfigMemory {
  return {
    async read() {
      const text = (await box.get(PATH))?.value;
      if (text === undefined) return undefined;
      const parsed = shape.safeParse(JSON.parse(text));
      return parsed.success ? parsed.data : undefined;
    },
    async write(remembered) {
      await box.put(PATH, JSON.stringify(remembered), remembered.confirmedAt, 1);
    },
  };
}
