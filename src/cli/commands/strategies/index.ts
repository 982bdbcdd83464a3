import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { addStrategyRows } from "./rows.ts";
import { addRunning } from "./running.ts";

export function addStrategies(program: Command, session: Session): void {
  const strategies = program
    .command("strategies")
    .description("which strategies run, and what made them run");
  addRunning(strategies, session);
  addStrategyRows(strategies, session);
}
