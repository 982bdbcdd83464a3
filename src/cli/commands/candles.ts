import type { Command } from "commander";
import { type Series, seriesKey } from "../../market/series.ts";
import { describeFault, type Finding } from "../../store/ledger/finding.ts";
import { type SeriesReport, verifySeries } from "../../store/ledger/verify.ts";
import type { LedgerSeries } from "../../store/ledger-port.ts";
import type { Store } from "../../store/port.ts";
import { withDatabase } from "../database.ts";
import { seriesOption } from "../options.ts";
import { CliRefusal } from "../refusal.ts";
import type { Session } from "../session.ts";
import { instant, table } from "../table.ts";

/** Something is wrong with what is stored; the command itself did its work. */
const EXIT_DAMAGED = 3;

type Verified = SeriesReport & { readonly series: string };

/** @param end called with the exit code when damage was found. */
export function addCandles(program: Command, session: Session, end: (code: number) => void): void {
  const candles = program.command("candles").description("the stored candles");
  candles
    .command("verify")
    .description(
      `prove every stored candle anew: hash chains, grid, shape, sums (exit code ${EXIT_DAMAGED} when one is wrong)`,
    )
    .option("--series <series>", "only exchange:PAIR:timeframe", seriesOption)
    .action(async ({ series }: { series?: Series }, command: Command) => {
      const reports = await withDatabase(session, ({ store }) => verify(store, series));
      const isSound = reports.every(({ findings }) => findings.length === 0);
      if (!isSound) end(EXIT_DAMAGED);
      const json = reports.map((report) => ({ ...report, findings: report.findings.map(wordsOf) }));
      session.show({ json, value: reports }, command, describe);
    });
}

async function verify(store: Store, wished: Series | undefined): Promise<Verified[]> {
  const all = await store.ledger.series();
  const chosen =
    wished === undefined ? all : all.filter((one) => seriesKey(one) === seriesKey(wished));
  if (wished !== undefined && chosen.length === 0) {
    throw new CliRefusal(`no candles of ${seriesKey(wished)} were ever stored`);
  }
  const reports: Verified[] = [];
  for (const series of chosen) reports.push(await verifyNow(store, series, all));
  return reports;
}

/**
 * A hub that runs beside this command writes on: a chain that has grown meanwhile is read again from
 * its beginning, with the end it has now.
 */
async function verifyNow(
  store: Store,
  series: LedgerSeries,
  all: readonly LedgerSeries[],
): Promise<Verified> {
  const report = await verifySeries(store, series, all);
  const now = (await store.ledger.series()).find(({ id }) => id === series.id);
  if (report.findings.length > 0 && now !== undefined && now.head.seq > series.head.seq) {
    return verifyNow(store, now, all);
  }
  return { series: seriesKey(series), ...report };
}

function wordsOf(finding: Finding): Finding & { readonly says: string } {
  return { ...finding, says: describeFault(finding.fault) };
}

function describe(reports: readonly Verified[]): string {
  const rows = reports.reduce((sum, report) => sum + report.rows, 0);
  const wrong = reports.filter(({ findings }) => findings.length > 0);
  const total = `${rows} rows of ${reports.length} series`;
  if (wrong.length === 0) return `${total}: all proven`;
  const list = table(
    [
      { title: "series", of: ({ series }) => series },
      { title: "first wrong candle", of: ({ first }) => instant(first?.openTime ?? null) },
      { title: "form", of: ({ first }) => first?.revision || null },
      { title: "faults", of: ({ findings }) => findings.length },
      {
        title: "what is wrong",
        of: ({ first }) => (first === undefined ? "" : describeFault(first.fault)),
      },
    ],
    wrong.map((report) => ({ ...report, first: report.findings[0] })),
  );
  return `${total}: ${wrong.length} series damaged\n${list}`;
}
