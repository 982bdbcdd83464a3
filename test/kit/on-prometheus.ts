import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";

const isCi = process.env["CI"] !== undefined;

/**
 * Tests that need the named programs, of Prometheus or of systemd. Where one lacks they are skipped,
 * and in CI they fail: what nobody evaluates there is not proved.
 */
export function withPrograms(name: string, programs: readonly string[], tests: () => void): void {
  const missing = programs.filter(
    (program) => spawnSync(program, ["--version"]).error !== undefined,
  );
  const complain = (): void => {
    test.skipIf(!isCi)(`needs ${missing.join(" and ")} on this machine`, () => {
      expect.fail("not installed: .ci/run installs Debian's");
    });
  };
  describe(`${name}`, () => {
    (missing.length === 0 ? tests : complain)();
  });
}

/** What a program said, and its exit code. */
export function ran(program: string, args: readonly string[]): { code: number; said: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  return { code: status ?? -1, said: `${stdout}${stderr}` };
}
