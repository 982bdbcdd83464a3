import type { Command } from "commander";
import { portfolios } from "../../http/schemas/portfolios.ts";
import { seriesKey } from "../../market/series.ts";
import type { Session } from "../session.ts";
import { table } from "../table.ts";

export function addPortfolio(program: Command, session: Session): void {
  program
    .command("portfolio")
    .description("named sets of followed series")
    .command("list")
    .description("every portfolio and what it follows")
    .action(async (_options: object, command: Command) => {
      const answer = await session.hub().get("/api/v1/portfolios", portfolios);
      session.show(answer, command, (value) => {
        const rows = value.portfolios.flatMap(({ name, series }) =>
          series.map((one) => ({ name, series: seriesKey(one) })),
        );
        const columns = [
          { title: "portfolio", of: (row: (typeof rows)[number]) => row.name },
          { title: "series", of: (row: (typeof rows)[number]) => row.series },
        ];
        return table(columns, rows);
      });
    });
}
