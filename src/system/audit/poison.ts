import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What a strategy sees of the process it runs in. A strategy is code of the operator's own, so it
 * could read files too; what counts here is what a careless one would carry into an error.
 */
const EVERYTHING_IN_SIGHT = `JSON.stringify({
  environment: process.env,
  arguments: [process.argv, process.execArgv],
  report: process.report.getReport(),
})`;

/** Prices below this are those of ETH/USDT on the sandbox: one pair is poisoned, others work on. */
const BELOW = 10_000;

/**
 * Writes a folder with two strategies: one prints and throws what it sees on every candle of one pair,
 * the other throws it where nobody catches it, once a file says so.
 */
export function poisonFolder(folder: string, fuse: string): string {
  const path = join(folder, "strategies");
  mkdirSync(path, { recursive: true });
  const say = `throw new Error("poisoned " + ${EVERYTHING_IN_SIGHT});`;
  const print = `process.stdout.write(${EVERYTHING_IN_SIGHT} + "\\n");`;
  writeFileSync(
    join(path, "poison.mjs"),
    strategy("poison", "", `if (candle.close < ${BELOW}) { ${print} ${say} }`),
  );
  const isLit = `existsSync(${JSON.stringify(fuse)})`;
  writeFileSync(
    join(path, "bomb.mjs"),
    strategy(
      "bomb",
      'import { existsSync } from "node:fs";',
      `if (${isLit}) setTimeout(() => { ${say} }, 1);`,
    ),
  );
  return path;
}

/** The source of a strategy that wishes for nothing. */
function strategy(id: string, imports: string, onCandle: string): string {
  return `${imports}
export default ({ z }) => ({
  id: "${id}",
  version: "1",
  summary: "Part of an audit.",
  parameters: z.strictObject({}),
  warmup: () => 0,
  start: () => ({
    onCandle({ candle }) {
      ${onCandle}
      return undefined;
    },
  }),
});
`;
}
