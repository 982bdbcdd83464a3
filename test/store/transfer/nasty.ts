import fc from "fast-check";
import { connect, type Place } from "../../../src/store/pg/connection.ts";

/** PostgreSQL holds every text but one with a zero character. */
const text = fc.oneof(
  fc.constantFrom(
    "",
    "null",
    "NULL",
    "{}",
    '"',
    "\\",
    "\\x00",
    "a\nb",
    "\r\n",
    "\t",
    "\u2028\u2029",
  ),
  fc.constantFrom("é", "e\u0301", "\u{1f4b8}", "\u202e", "Ä", "a", "B", "_", "-", " ", "  a"),
  fc.string({ unit: "binary" }).map((value) => value.replaceAll("\0", "")),
);

const digits = fc.stringMatching(/^[0-9]{1,30}$/);
const numeric = fc.oneof(
  fc.constantFrom("0", "0.000", "-0.00", "1e-30", "NaN", "Infinity", "-Infinity"),
  fc
    .tuple(fc.constantFrom("", "-"), digits, digits)
    .map(([sign, whole, part]) => `${sign}${whole}.${part}000`),
);

const float = fc
  .oneof(
    fc.constantFrom(-0, 5e-324, 1.797_693_134_862_315_7e308, 0.1 + 0.2, 2 ** 53 + 2, Number.NaN),
    fc.double(),
  )
  .map((value) => (Object.is(value, -0) ? "-0" : String(value)));

const instant = fc.oneof(
  fc.constantFrom("infinity", "-infinity", "0044-03-15 12:00:00.000001+00 BC", "1970-01-01Z"),
  fc
    .tuple(fc.integer({ min: -60_000_000_000, max: 250_000_000_000 }), fc.nat(999_999))
    .map(
      ([seconds, micros]) =>
        `${new Date(seconds * 1000).toISOString().slice(0, -5)}.${String(micros).padStart(6, "0")}Z`,
    )
    .filter((value) => /^\d{4}-/.test(value) && !value.startsWith("0000")),
);

const json = fc.oneof(
  fc.constantFrom("null", '""', "[]", "{}", "-0", "0.10", "1e-7", "12345678901234567890.1200"),
  fc.jsonValue().map((value) => JSON.stringify(value).replaceAll(/\\u0000|\\ud[89a-f]../gi, "")),
);

const bytes = fc.uint8Array({ maxLength: 40 }).map((value) => Buffer.from(value));

/** Rows of a few tables that between them have every kind of column. */
export const nastyRows = fc.record({
  account: fc.tuple(text, numeric, numeric, instant),
  facts: fc.uniqueArray(
    text.filter((name) => !/^(importing|identity|late-rows) /.test(name)),
    {
      maxLength: 6,
    },
  ),
  signals: fc.array(fc.tuple(text, float, numeric, fc.option(numeric), json, instant), {
    maxLength: 9,
  }),
  reasons: fc.array(fc.array(fc.option(text), { maxLength: 3 }), { maxLength: 9 }),
  audit: fc.array(fc.tuple(instant, text, json, bytes), { maxLength: 9 }),
  trades: fc.array(fc.tuple(text, fc.option(numeric), fc.option(json), fc.option(instant)), {
    maxLength: 9,
  }),
  candles: fc.array(fc.tuple(float, bytes), { maxLength: 9 }),
});

type NastyRows = typeof nastyRows extends fc.Arbitrary<infer Rows> ? Rows : never;

/** Puts such rows into an empty database, each value handed over as text. */
export async function insertNasty(place: Place, rows: NastyRows): Promise<void> {
  const client = await connect(place);
  const insert = (text: string, values: readonly unknown[]) => client.query(text, [...values]);
  try {
    await insert(
      "insert into hub.account values (true, 'b', $1, $2, $3, $2, $3, $4)",
      rows.account,
    );
    for (const name of rows.facts) await insert("insert into hub.facts values ($1)", [name]);
    for (const [i, values] of rows.signals.entries()) {
      const id = `s-${i}`;
      await insert(SIGNAL, [id, ...values]);
      await insert(VERDICT, [id, rows.reasons[i] ?? [], values[4]]);
    }
    for (const values of rows.audit) await insert(AUDIT, values);
    for (const values of rows.trades) await insert(TRADE, values);
    await insert("insert into hub.series (exchange, pair, tf) values ('x', 'A/B', 1)", []);
    for (const [i, values] of rows.candles.entries()) await insert(CANDLE, [i, ...values]);
  } finally {
    await client.end();
  }
}

const SIGNAL = `
  insert into hub.signals (id, exchange, pair, tf, open_time, close_time, strategy, strategy_version, side,
    strength, price, stop_loss, evidence, raised_at, missing_in_window)
  values ($1, 'x', $2, 1, $7, $7, '', '1', 'buy', $3, $4, $5, $6, $7, 0)`;
const VERDICT = `
  insert into hub.verdicts (signal_id, portfolio, decision, reasons, checks, decided_at)
  values ($1, 'p', 'refused', $2, $3, now())`;
const AUDIT = "insert into hub.audit (at, who, what, detail, hash) values ($1, $2, $2, $3, $4)";
const TRADE = `
  insert into public.fxshinobi_trades (symbol, side, size, entry_price, metadata, closed_at)
  values ($1, 'BUY', 1, $2, $3, $4)`;
/** Around the end of a month; a volume of zero keeps its sign. */
const CANDLE = `
  insert into hub.candles (open_time, open, high, low, close, volume, fetched_at, chain_seq, series_id,
    source, tf, attempt, revision, hash)
  select '2026-01-31 23:58Z'::timestamptz + $1 * interval '1 min', v, v, v, v, v * 0,
    '2026-02-01 00:00:05.123456Z', 9007199254740993, x.id, 'poll', 1, 1, 1, $3
  from (select $2::float8 as v) f, hub.series x`;
