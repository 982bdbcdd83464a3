import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { parse } from "yaml";
import { z } from "zod";
import { loadSettings } from "../../../config/load.ts";
import { messageOf } from "../../../runtime/errors.ts";
import { checkSettings } from "../../../system/check-settings.ts";
import { readRows } from "../../../system/configuration/rows.ts";
import { CONFIG_SERVICE } from "../../../system/configuration/watch.ts";
import { StrategyPlan } from "../../../system/strategy-plan.ts";
import { configPath } from "../../../vault/embedded/clerk.ts";
import type { StrategyChange, StrategyRow } from "../../../vault/port.ts";
import { CliRefusal } from "../../refusal.ts";
import type { Session } from "../../session.ts";
import { table } from "../../table.ts";
import { existingBox, noteInLedger, withVaultClient } from "../../vault.ts";

const fields = z.record(z.string(), z.unknown());
/** A row as people write it; what is left out stays as it is. */
const written = z.strictObject({
  params: fields.optional(),
  symbols: z.array(z.string()).optional(),
  risk_limits: fields.optional(),
  enabled: z.boolean().optional(),
});

/** Rows of the vault that say which strategies run; they need no hub that runs. */
export function addStrategyRows(strategies: Command, session: Session): void {
  strategies
    .command("rows")
    .description("the rows of the vault, as they are written there")
    .action(async (_options: object, command: Command) => {
      const rows = await withVaultClient(session, (vault) => vault.strategies(CONFIG_SERVICE));
      session.show({ json: rows, value: rows }, command, (list) =>
        table(
          [
            { title: "row", of: ({ strategyId }) => strategyId },
            { title: "version", of: ({ version }) => version },
            { title: "enabled", of: ({ enabled }) => (enabled ? "yes" : "no") },
            { title: "symbols", of: ({ symbols }) => symbols.map(String).join(" ") },
            { title: "params", of: ({ params }) => JSON.stringify(params) },
            { title: "limits", of: ({ riskLimits }) => JSON.stringify(riskLimits) },
          ],
          list,
        ),
      );
    });
  strategies
    .command("set <row> <file>")
    .description("write a row from a YAML or JSON file: params, symbols, risk_limits, enabled")
    .action(async (name: string, file: string, _options: object, command: Command) => {
      await change(session, command, name, await readChange(file));
    });
  strategies
    .command("remove <row>")
    .description("remove a row from the hub's own vault; VVAULT can only switch it off")
    .action(async (name: string, _options: object, command: Command) => {
      const box = await existingBox(session);
      const path = configPath(CONFIG_SERVICE, name);
      if ((await box.get(path)) === undefined) throw new CliRefusal(`there is no row ${name}`);
      await noteInLedger(session, { event: "note", secret: `strategy:${name}`, purpose: "remove" });
      await box.remove(path);
      session.show({ json: { row: name, removed: true }, value: name }, command, () => {
        return `row ${name} is removed; a running hub follows within its time`;
      });
    });
  for (const enabled of [true, false]) {
    strategies
      .command(`${enabled ? "enable" : "disable"} <row>`)
      .description(`switch a row ${enabled ? "on" : "off"}`)
      .action(async (name: string, _options: object, command: Command) => {
        await change(session, command, name, { enabled });
      });
  }
}

/** Writes a change after it was read as the hub will read it: what it would refuse is not written. */
async function change(
  session: Session,
  command: Command,
  name: string,
  wished: StrategyChange,
): Promise<void> {
  const version = await withVaultClient(session, async (vault) => {
    const rows = await vault.strategies(CONFIG_SERVICE);
    const present = rows.find(({ strategyId }) => strategyId === name);
    if (present === undefined && Object.keys(wished).every((key) => key === "enabled")) {
      throw new CliRefusal(`the vault has no row ${name}: write one with hub strategies set`);
    }
    const row = { ...emptyRow(name), ...present, ...wished };
    const reason = await refusalOf(session, row);
    if (reason !== undefined) throw new CliRefusal(`row ${name}: ${reason}; nothing was written`);
    await noteInLedger(session, { event: "note", secret: `strategy:${name}`, purpose: "put" });
    return vault.changeStrategy(CONFIG_SERVICE, name, wished);
  });
  session.show(
    { json: { row: name, version }, value: version },
    command,
    (number) => `row ${name} is at version ${number}; a running hub follows within its time`,
  );
}

function emptyRow(strategyId: string): StrategyRow {
  return { strategyId, params: {}, symbols: [], riskLimits: {}, enabled: true, version: 0 };
}

/** Why a hub with these settings would refuse a row. */
async function refusalOf({ world }: Session, row: StrategyRow): Promise<string | undefined> {
  const { settings } = loadSettings(world.environment);
  const plan = await StrategyPlan.load(settings);
  const { refused } = readRows([row], {
    registry: plan.registry,
    limits: checkSettings(settings),
    obstacle: (strategy) => plan.obstacle(strategy),
    lastGood: new Map(),
    origin: "vault",
  });
  return refused[0]?.reason;
}

async function readChange(file: string): Promise<StrategyChange> {
  let content: unknown;
  try {
    content = parse(await readFile(file, "utf8")) as unknown;
  } catch (error) {
    throw new CliRefusal(`${file} cannot be read: ${messageOf(error)}`);
  }
  const read = written.safeParse(content);
  if (!read.success) {
    const issue = read.error.issues[0];
    const where = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
    throw new CliRefusal(`${file}: ${where}${issue?.message ?? "is no row"}`);
  }
  const { risk_limits: riskLimits, ...rest } = read.data;
  const given = { ...rest, ...(riskLimits === undefined ? {} : { riskLimits }) };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
