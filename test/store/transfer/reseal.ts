import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import type { Trailer } from "../../../src/store/transfer/format.ts";

/**
 * Writes an export anew with other lines and a last one that proves them: what somebody could make who
 * knows the format. The lines handed out are those before the last one.
 */
export function reseal(
  from: string,
  to: string,
  change: (lines: readonly string[]) => readonly string[],
): void {
  const lines = readFileSync(from, "utf8").trimEnd().split("\n");
  const trailer = JSON.parse(lines.at(-1) ?? "") as Trailer;
  const text = change(lines.slice(0, -1))
    .map((line) => `${line}\n`)
    .join("");
  const sha256 = createHash("sha256").update(text).digest("hex");
  writeFileSync(to, `${text}${JSON.stringify({ ...trailer, sha256 })}\n`);
}
