import { type Command, Option } from "commander";
import type { z } from "zod";
import { performanceFigures } from "../../http/schemas/performance.ts";
import { PERIODS } from "../../market/performance/period.ts";
import type { Session } from "../session.ts";
import { instant, table } from "../table.ts";

type Answer = z.output<typeof performanceFigures>;
type Row = Answer["figures"][number];

const DECIMALS = 6;

export function addPerformance(program: Command, session: Session): void {
  program
    .command("performance")
    .description("how the account did; what each figure means: docs/performance-figures.md")
    .addOption(new Option("--period <period>", "that ends now").choices(PERIODS).default("30d"))
    .action(async (options: { period: string }, command: Command) => {
      const query = { period: options.period };
      const answer = await session.hub().get("/api/v1/performance", performanceFigures, query);
      session.show(answer, command, page);
    });
}

function page({ from, to, currency, figures }: Answer): string {
  const list = table<Row>(
    [
      { title: "figure", of: (row) => row.definitionId },
      { title: "value", of: valueOf },
      { title: "in", of: (row) => (row.unit === "money" ? currency : row.unit) },
      { title: "of", of: (row) => row.n },
    ],
    figures,
  );
  return `${instant(from)} to ${instant(to)}\n${list}`;
}

function valueOf({ value, reason, unit }: Row): string {
  if (value === null) return `- (${reason ?? ""})`;
  return unit === "instant" ? instant(value) : String(Number(value.toFixed(DECIMALS)));
}
