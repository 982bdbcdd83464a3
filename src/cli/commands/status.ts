import type { Command } from "commander";
import type { z } from "zod";
import { operatorStatus } from "../../http/schemas/operations.ts";
import type { Session } from "../session.ts";
import { cell, instant, table } from "../table.ts";

export function addStatus(program: Command, session: Session): void {
  program
    .command("status")
    .description("the hub on one page")
    .action(async (_options: object, command: Command) => {
      const answer = await session.hub().get("/api/v1/status", operatorStatus);
      session.show(answer, command, page);
    });
}

/** Alone on its database a hub holds all it wants; what it does not hold is worth naming. */
function leasesLine({ held, standby }: z.output<typeof operatorStatus>["leases"]): string {
  const parts = [
    ...(held.length === 0 ? [] : [`holds ${held.join(", ")}`]),
    ...(standby.length === 0 ? [] : [`STANDBY for ${standby.join(", ")}`]),
  ];
  return parts.length === 0 ? "none" : parts.join("; ");
}

function page(status: z.output<typeof operatorStatus>): string {
  const { actors, account, halted, halts, store, vault } = status;
  const parts = halts.filter(({ scope }) => scope.kind !== "global").length;
  const partly = parts === 0 ? "" : `, ${String(parts)} halts of parts (hub halts)`;
  const trading =
    halted === null
      ? `on${partly}`
      : `HALTED by ${halted.by} at ${instant(halted.at)}: ${halted.reason}`;
  const parked = actors.parked.length === 0 ? "" : `, parked: ${actors.parked.join(", ")}`;
  const money = (amount: string | null): string =>
    amount === null ? "unknown" : `${amount} ${account.currency}`;
  const facts: readonly (readonly [string, unknown])[] = [
    ["version", status.version],
    ["mode", `${status.mode}, broker ${status.broker}${status.live ? ", REAL MONEY" : ""}`],
    ["trading", trading],
    ["up since", `${instant(status.startedAt)} (${String(Math.round(status.uptimeSeconds))} s)`],
    ["hub time", instant(status.hubTime)],
    ["vault", vault === "not_configured" ? "its own" : vault],
    ["store", store.reason === null ? store.state : `${store.state}: ${store.reason}`],
    ["actors", `${String(actors.up)} of ${String(actors.total)} up${parked}`],
    ["leases", leasesLine(status.leases)],
    ["series followed", status.watched],
    ["open gaps", status.openGaps],
    ["open positions", status.openPositions],
    ["equity", money(account.equity)],
    ["cash", money(account.cash)],
    ["reserved", money(account.reserved)],
    ["open result", money(account.openPnl)],
    ["exposure", money(account.exposure)],
  ];
  const columns = [
    { title: "", of: ([name]: readonly [string, unknown]) => name },
    { title: "", of: ([, value]: readonly [string, unknown]) => cell(value) },
  ];
  return table(columns, facts).trimStart();
}
