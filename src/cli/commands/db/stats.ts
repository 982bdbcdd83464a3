import type { Command } from "commander";
import type { CandleFigures, MonthFigures, StoreFigures } from "../../../store/upkeep-port.ts";
import { withDatabase } from "../../database.ts";
import type { Session } from "../../session.ts";
import { instant, table } from "../../table.ts";

/** A line of the table: one table, the candles of a timeframe, or one month of them. */
interface Line {
  readonly name: string;
  readonly rows: number;
  readonly exact: boolean;
  readonly tableBytes: number;
  readonly indexBytes: number;
  readonly totalBytes: number;
  readonly bytesPerRow?: number | null;
  readonly oldest?: number | null;
  readonly newest?: number | null;
}

const MEGABYTE = 1_000_000;

/** `hub db stats`: what the database holds, largest first. */
export function addStats(db: Command, session: Session): void {
  db.command("stats")
    .description("rows, bytes and age of what the database holds, largest first")
    .option("--partitions", "candles month by month as well", false)
    .action(async ({ partitions }: { partitions: boolean }, command: Command) => {
      const figures = await withDatabase(session, ({ store }) =>
        store.upkeep.figures({ months: partitions }),
      );
      session.show({ json: figures, value: figures }, command, told);
    });
}

function told({ databaseBytes, tables, candles }: StoreFigures): string {
  const groups: Line[][] = [...tables.map((one) => [one]), ...candles.map(candleLines)];
  const lines = groups.toSorted((a, b) => bytesOf(b) - bytesOf(a)).flat();
  const rows = table(
    [
      { title: "table", of: (line) => line.name },
      { title: "rows", of: (line) => line.rows },
      { title: "counted", of: (line) => (line.exact ? "exactly" : "estimate") },
      { title: "table MB", of: (line) => megabytes(line.tableBytes) },
      { title: "index MB", of: (line) => megabytes(line.indexBytes) },
      { title: "total MB", of: (line) => megabytes(line.totalBytes) },
      { title: "bytes a candle", of: (line) => line.bytesPerRow?.toFixed(0) },
      { title: "oldest", of: (line) => instant(line.oldest) },
      { title: "newest", of: (line) => instant(line.newest) },
    ],
    lines,
  );
  return `${rows}\n\nthe whole database: ${megabytes(databaseBytes)} MB`;
}

/** A timeframe, and below it its months. */
function candleLines({ timeframe, bytesPerCandle, months, ...figures }: CandleFigures): Line[] {
  const whole = {
    ...figures,
    name: `candles ${timeframe}`,
    exact: true,
    bytesPerRow: bytesPerCandle,
  };
  const line = (month: MonthFigures): Line => ({ ...month, name: `  ${month.month}` });
  return [whole, ...months.map(line)];
}

function bytesOf([first]: readonly Line[]): number {
  return first?.totalBytes ?? 0;
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(1);
}
