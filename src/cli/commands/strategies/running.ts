import type { Command } from "commander";
import { refreshed, strategies as shown } from "../../../http/schemas/strategies.ts";
import type { Session } from "../../session.ts";
import { table } from "../../table.ts";

export function addRunning(strategies: Command, session: Session): void {
  strategies.action(async (_options: object, self: Command) => {
    const answer = await session.hub().get("/api/v1/strategies", shown);
    session.show(answer, self, describe);
  });
  strategies
    .command("refresh")
    .description("ask the vault now which strategies shall run")
    .action(async (_options: object, self: Command) => {
      const answer = await session.hub().post("/api/v1/strategies/refresh", refreshed, {});
      session.show(answer, self, (value) => {
        if (value.kind === "unchanged") return "nothing has changed";
        if (value.kind === "failed") return `nothing was changed: ${value.reason}`;
        const parts = (["started", "changed", "stopped"] as const)
          .filter((what) => value[what].length > 0)
          .map((what) => `${what}: ${value[what].join(", ")}`);
        return parts.join("\n");
      });
    });
}

type Shown = ReturnType<typeof shown.parse>;

function describe({
  origin,
  strategies: running,
  refused,
  disabled,
  confirmedAgeSeconds,
}: Shown): string {
  const list = table(
    [
      { title: "configuration", of: ({ config }) => config.name },
      { title: "version", of: ({ config }) => config.version },
      { title: "by", of: ({ config }) => config.origin },
      { title: "strategy", of: ({ id }) => id },
      { title: "pairs", of: ({ pairs }) => pairs?.join(" ") ?? "all" },
      { title: "timeframes", of: ({ timeframes }) => timeframes?.join(" ") ?? "all" },
      { title: "parameters", of: ({ parameters }) => JSON.stringify(parameters) },
    ],
    running,
  );
  const notes = refused.map(({ name, version, reason, running: instead }) => {
    const what = instead === null ? "nothing" : `version ${instead}`;
    return `${name} version ${version} is refused, ${what} runs in its place: ${reason}`;
  });
  const off = disabled.length === 0 ? [] : [`switched off: ${disabled.join(", ")}`];
  return [list, ...notes, ...off, confirmed(origin, confirmedAgeSeconds)].join("\n");
}

function confirmed(origin: Shown["origin"], ageSeconds: number | null): string {
  if (ageSeconds === null) return "the vault has never said what runs: no new positions are opened";
  const age = `${Math.round(ageSeconds)} s ago`;
  return origin === "settings"
    ? `the vault had no row ${age}: the settings say what runs`
    : `the vault said so ${age}`;
}
