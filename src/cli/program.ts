import { Command } from "commander";
import { addActors } from "./commands/actors.ts";
import { addAudit } from "./commands/audit/index.ts";
import { addCandles } from "./commands/candles.ts";
import { addConfig } from "./commands/config.ts";
import { addDb } from "./commands/db/index.ts";
import { addGaps } from "./commands/gaps.ts";
import { addHalt } from "./commands/halt.ts";
import { addLeases } from "./commands/leases.ts";
import { addNotify } from "./commands/notify.ts";
import { addOrders } from "./commands/orders.ts";
import { addPerformance } from "./commands/performance.ts";
import { addPortfolio } from "./commands/portfolio.ts";
import { addPositions } from "./commands/positions.ts";
import { addReconciliation } from "./commands/reconciliation.ts";
import { addSandbox } from "./commands/sandbox.ts";
import { addSignals } from "./commands/signals.ts";
import { addStart } from "./commands/start.ts";
import { addStatus } from "./commands/status.ts";
import { addStrategies } from "./commands/strategies/index.ts";
import { addToken } from "./commands/token.ts";
import { addTrace } from "./commands/trace.ts";
import { addVault } from "./commands/vault/index.ts";
import { addWatch } from "./commands/watch.ts";
import type { Session } from "./session.ts";

/**
 * The command line as commander knows it. It throws where commander would end the process.
 * @param end called with the exit code by commands that have one of their own.
 */
export function buildProgram(session: Session, end: (code: number) => void): Command {
  const { world } = session;
  const program = new Command("hub")
    .description("Talks to the trading hub that runs on this machine, or at HUB_URL.")
    .option("--json", "print the answer as JSON")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => world.print(text.trimEnd()),
      writeErr: (text) => world.complain(text.trimEnd()),
    })
    .exitOverride();
  addStart(program, session, end);
  addStatus(program, session);
  addWatch(program, session);
  addPortfolio(program, session);
  addSignals(program, session);
  addStrategies(program, session);
  addPositions(program, session);
  addOrders(program, session);
  addPerformance(program, session);
  addGaps(program, session);
  addTrace(program, session);
  addCandles(program, session, end);
  addActors(program, session);
  addLeases(program, session);
  addHalt(program, session);
  addReconciliation(program, session);
  addNotify(program, session);
  addToken(program, session);
  addVault(program, session);
  addAudit(program, session, end);
  addConfig(program, session);
  addDb(program, session);
  addSandbox(program, session);
  return program;
}
