import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A strategies folder with one strategy that throws on every candle from an instant on, and wishes
 * for nothing before it.
 */
export function poisonFolder(dataDir: string): string {
  const folder = join(dataDir, "strategies");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "poison.mjs"),
    `export default ({ z }) => ({
  id: "poison",
  version: "1",
  summary: "Throws on every candle from an instant on, at prices below a limit.",
  parameters: z.strictObject({ fromMs: z.number(), below: z.number() }),
  warmup: () => 0,
  start: ({ fromMs, below }) => ({
    onCandle({ candle }) {
      if (candle.openTime >= fromMs && candle.close < below) throw new Error("poisoned");
      return undefined;
    },
  }),
});
`,
  );
  return folder;
}
