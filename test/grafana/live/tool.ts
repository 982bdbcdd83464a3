import { execFileSync } from "node:child_process";
import { it } from "vitest";

/** Says whether a program can be run here. */
export function hasTool(name: string): boolean {
  try {
    execFileSync(name, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/**
 * What a suite needs and this machine lacks. Continuous integration installs all of it, so that
 * there a lack is a failure; elsewhere it is the reason to skip.
 */
export function lackOf(...tools: readonly string[]): string | undefined {
  const lacking = tools.filter((tool) => !hasTool(tool));
  if (lacking.length === 0) return undefined;
  const reason = `not installed: ${lacking.join(", ")}`;
  if (process.env["CI"] === "true") throw new Error(`${reason}, and CI must have it`);
  return reason;
}

/** Leaves a line in the report of why a suite was skipped. */
export function tellSkipped(what: string, reason: string | undefined): void {
  it.skipIf(reason !== undefined)(
    `${what} can be asked${reason === undefined ? "" : ` (${reason})`}`,
    ({ expect }) => {
      expect(reason).toBeUndefined();
    },
  );
}
