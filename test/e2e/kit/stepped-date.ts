import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Loaded into a hub before all else; the file beside it holds how far the wall clock is off, ms. */
const PRELOAD = `
import { readFileSync } from "node:fs";

const file = new URL("./step", import.meta.url);
const RealDate = Date;
const LOOK_EVERY_MS = 20;
let offsetMs = 0;
let lookedAt = -Infinity;

function now() {
  const elapsed = performance.now();
  if (elapsed - lookedAt > LOOK_EVERY_MS) {
    lookedAt = elapsed;
    offsetMs = Number(readFileSync(file, "utf8"));
  }
  return RealDate.now() + offsetMs;
}

globalThis.Date = class extends RealDate {
  constructor(...values) {
    if (values.length === 0) super(now());
    else super(...values);
  }

  static now() {
    return now();
  }
};
`;

/**
 * The machine's wall clock in a test's hands, for a process that is started with these settings.
 * Monotonic time goes on as it is.
 */
export function steppedDate(folder: string) {
  const preload = join(folder, "stepped-date.mjs");
  const set = (offMs: number): void => writeFileSync(join(folder, "step"), String(offMs));
  writeFileSync(preload, PRELOAD);
  set(0);
  return { settings: { NODE_OPTIONS: `--import ${preload}` }, set };
}
