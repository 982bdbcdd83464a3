/**
 * Loaded into a hub before all else: the machine's wall clock as a test has set it. Monotonic time goes
 * on as it is. The file named by STEPPED_DATE holds how far the clock is off, ms.
 */
import { readFileSync } from "node:fs";

const file = process.env["STEPPED_DATE"];
const RealDate = Date;
const LOOK_EVERY_MS = 20;
let offsetMs = 0;
let lookedAt = Number.NEGATIVE_INFINITY;

function offset() {
  const now = performance.now();
  if (file !== undefined && now - lookedAt > LOOK_EVERY_MS) {
    lookedAt = now;
    offsetMs = Number(readFileSync(file, "utf8"));
  }
  return offsetMs;
}

globalThis.Date = class extends RealDate {
  constructor(...values) {
    if (values.length === 0) super(RealDate.now() + offset());
    else super(...values);
  }

  static now() {
    return RealDate.now() + offset();
  }
};
