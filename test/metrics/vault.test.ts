import { describe, expect, test } from "vitest";
import { setUp } from "./kit.ts";

describe("the metrics of the vault", () => {
  test("tell whether the vault serves, who asked for secrets, and what was voided", async () => {
    const { tell, value } = setUp();
    expect(await value("engine_vault_up")).toBe(1);
    expect(await value('engine_vault_requests_total{actor="trader",outcome="denied"}')).toBe(0);

    tell({ kind: "vault-changed", state: "wrong-token", reason: "" });
    const wish = { secret: "broker:oanda", purpose: "market-data" } as const;
    const who = "commander/harvesters/harvester:oanda";
    tell({ kind: "secret-asked", who, ...wish, outcome: "granted" });
    tell({ kind: "secret-revoked", secret: "broker:oanda" });

    expect(await value("engine_vault_up")).toBe(0);
    const asked = "engine_vault_requests_total";
    expect(await value(`${asked}{actor="harvester:oanda",outcome="granted"}`)).toBe(1);
    expect(await value(`${asked}{actor="harvester:oanda",outcome="denied"}`)).toBe(0);
    expect(await value("engine_vault_revocations_total")).toBe(1);
  });
});
