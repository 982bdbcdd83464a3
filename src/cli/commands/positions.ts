import type { Command } from "commander";
import { positions } from "../../http/schemas/trading.ts";
import { rowLimit } from "../options.ts";
import type { Session } from "../session.ts";
import { instant, table } from "../table.ts";

export function addPositions(program: Command, session: Session): void {
  program
    .command("positions")
    .description("what is held, and its result so far")
    .option("--limit <rows>", "how many at most", rowLimit, 100)
    .option("--all", "closed ones too")
    .action(async (options: { limit: number; all?: true }, command: Command) => {
      const query = { limit: options.limit, open: options.all ? "false" : "true" };
      const answer = await session.hub().get("/api/v1/positions", positions, query);
      session.show(answer, command, (value) =>
        table(
          [
            { title: "exchange", of: (row) => row.exchange },
            { title: "pair", of: (row) => row.pair },
            { title: "quantity", of: (row) => row.quantity },
            { title: "average cost", of: (row) => row.averageCost },
            { title: "last price", of: (row) => row.lastPrice },
            { title: "open result", of: (row) => row.openPnl },
            { title: "realised", of: (row) => row.realizedPnl },
            { title: "stop", of: (row) => row.stopLoss },
            { title: "target", of: (row) => row.takeProfit },
            { title: "strategy", of: (row) => row.strategy },
            { title: "opened", of: (row) => instant(row.openedAt) },
            { title: "closed", of: (row) => instant(row.closedAt) },
          ],
          value.positions,
        ),
      );
    });
}
