import type { Command } from "commander";
import { orders } from "../../http/schemas/trading.ts";
import { rowLimit } from "../options.ts";
import type { Session } from "../session.ts";
import { instant, table } from "../table.ts";

export function addOrders(program: Command, session: Session): void {
  program
    .command("orders")
    .description("orders, newest first")
    .option("--limit <rows>", "how many at most", rowLimit, 20)
    .option("--working", "only those not ended")
    .action(async (options: { limit: number; working?: true }, command: Command) => {
      const query = { limit: options.limit, working: options.working ? "true" : undefined };
      const answer = await session.hub().get("/api/v1/orders", orders, query);
      session.show(answer, command, (value) =>
        table(
          [
            { title: "created", of: (row) => instant(row.createdAt) },
            { title: "exchange", of: (row) => row.exchange },
            { title: "pair", of: (row) => row.pair },
            { title: "side", of: (row) => row.side },
            { title: "quantity", of: (row) => row.quantity },
            { title: "filled", of: (row) => row.filled },
            { title: "average price", of: (row) => row.averagePrice },
            { title: "state", of: (row) => row.state },
            { title: "origin", of: (row) => row.origin },
            { title: "strategy", of: (row) => row.strategy },
            { title: "client order id", of: (row) => row.clientOrderId },
            { title: "reason", of: (row) => row.reason },
          ],
          value.orders,
        ),
      );
    });
}
