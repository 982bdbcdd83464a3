import { expect, test } from "vitest";
import type { Store } from "../../../src/store/port.ts";
import { MONDAY } from "../builders.ts";

export function pulsePromises(opened: { readonly store: Store }): void {
  test("keeps one snapshot, money exact, and what no column holds", async () => {
    const { pulse } = opened.store;
    const none = await pulse.snapshot();

    await pulse.saveSnapshot({ account_balance: "1", system_status: "STARTING" }, MONDAY);
    await pulse.saveSnapshot(
      {
        account_balance: "10000.000000000000000001",
        open_positions: [{ pair: "BTC/USDT" }],
        system_status: "RUNNING",
        kill_switch_active: true,
        weather: { sky: "clear" },
      },
      MONDAY + 60_000,
    );

    expect(none).toBeNull();
    expect(await pulse.snapshot()).toMatchObject({
      snapshot_id: "default",
      account_balance: "10000.000000000000000001",
      open_positions: [{ pair: "BTC/USDT" }],
      system_status: "RUNNING",
      kill_switch_active: true,
      weather: { sky: "clear" },
      updated_at: MONDAY + 60_000,
    });
  });

  test("takes a ping as often as it comes", async () => {
    const { pulse } = opened.store;

    await pulse.ping("hub-1", "healthy", MONDAY);

    await expect(pulse.ping("hub-1", "healthy", MONDAY + 1)).resolves.toBeUndefined();
  });

  test("keeps the audit log in order, chained, and a repeated line once", async () => {
    const { pulse } = opened.store;
    const line = { at: MONDAY, who: "ann", what: "watchlist.add", detail: { pair: "BTC/USDT" } };

    await pulse.audit(line);
    await pulse.audit(line);
    await pulse.audit({ ...line, at: MONDAY + 1, what: "halt", detail: {} });

    const [newest, oldest] = await pulse.auditLog(5);
    expect(newest).toMatchObject({ what: "halt", at: MONDAY + 1 });
    expect(oldest).toMatchObject(line);
    expect(await pulse.auditLog(5, newest?.id)).toHaveLength(1);
    expect(await pulse.verifyAudit()).toEqual({ rows: 2, broken: null });
  });
}
