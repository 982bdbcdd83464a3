import { expect, test } from "vitest";
import { describeLeaks } from "../../src/cli/commands/audit/leak-report.ts";
import type { AuditReport } from "../../src/system/audit/report.ts";

const clean: AuditReport = {
  planted: [{ scenario: "one", canary: "OANDA_API_KEY", where: "VVAULT" }],
  driven: [{ scenario: "one", what: "a kill -9" }],
  scanned: [{ channel: "heap", places: 2, bytes: 1_000 }],
  skipped: [],
  leaks: [],
};

test("says what was planted, driven and looked at, and that nothing came out", () => {
  const said = describeLeaks(clean);

  expect(said).toMatch(/one +OANDA_API_KEY +VVAULT/);
  expect(said).toMatch(/one +a kill -9/);
  expect(said).toMatch(/heap +2 +1000/);
  expect(said).toMatch(/no planted secret came out$/);
});

test("names each leak by its canary and place, and what could not be looked at", () => {
  const leak = {
    scenario: "one",
    channel: "stderr",
    place: "first run",
    canary: "OANDA_API_KEY",
    encoding: "base64",
    offset: 7,
    count: 3,
  } as const;

  const said = describeLeaks({ ...clean, skipped: ["arguments: no /proc"], leaks: [leak] });

  expect(said).toMatch("not looked at: arguments: no /proc");
  expect(said).toMatch(/1 leaks\n.*\nOANDA_API_KEY +stderr +first run +base64 +7 +3 +one$/);
});
