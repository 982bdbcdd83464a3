import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Binaries } from "../../src/store/embedded/binaries.ts";
import { FAST } from "./store.ts";
import { findPostgres, SystemPostgres } from "./system-postgres.ts";

const found = findPostgres();
const isCi = process.env["CI"] !== undefined;

/**
 * Tests on one PostgreSQL of the system's, running before the first of them. Where there is none
 * they are skipped, and in CI they fail: a road that nobody drives there is not proved.
 */
export function onPostgres(name: string, tests: (server: SystemPostgres) => void): void {
  const suite = found === undefined ? complain : () => run(found, tests);
  describe(`${name}`, () => {
    suite();
  });
}

function run(binaries: Binaries, tests: (server: SystemPostgres) => void): void {
  const server = new SystemPostgres(binaries, FAST);
  beforeAll(() => server.start());
  afterAll(() => server.remove());
  tests(server);
}

function complain(): void {
  test.skipIf(!isCi)("needs a PostgreSQL 15 or newer on this machine", () => {
    expect.fail("there is none: .ci/run installs Debian's");
  });
}
