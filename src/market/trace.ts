import { parseSeriesKey, type Series } from "./series.ts";
import { isOpenTime } from "./timeframe.ts";

/** The candle that a story begins with. */
export interface Origin {
  readonly series: Series;
  /** UTC ms. */
  readonly openTime: number;
}

/** Names the story of one candle: `binance.BTC-USDT.15m.20261123T144500Z`. */
export type TraceId = string;

/**
 * The name under which a candle and all that came of it is found. It is worked out, never given out:
 * two hubs, a log and the database write the same one. Nothing in it needs escaping in a URL.
 */
export function traceIdOf({ series, openTime }: Origin): TraceId {
  const { exchange, pair, timeframe } = series;
  // The shortest candle lasts a minute, so no open time has a fraction of a second.
  const opened = new Date(openTime).toISOString().replaceAll(/[-:]|\.000/g, "");
  return [exchange, pair.replace("/", "-"), timeframe, opened].join(".");
}

const SHAPE =
  /^([a-z0-9]+)\.([A-Z0-9]+)-([A-Z0-9]+)\.(\w+)\.(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** Reads the candle back from its name; undefined when the text is none. */
export function originOf(traceId: TraceId): Origin | undefined {
  const [, exchange, base, quote, timeframe, year, month, day, hour, minute, second] =
    SHAPE.exec(traceId) ?? [];
  const series = parseSeriesKey(`${exchange}:${base}/${quote}:${timeframe}`);
  const openTime = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (series === undefined || !isOpenTime(series.timeframe, openTime)) return undefined;
  // The one spelling: a day that the calendar does not have rolls over into another.
  return traceIdOf({ series, openTime }) === traceId ? { series, openTime } : undefined;
}

/** Whether something tells the candle it is about. */
export function isOrigin(fact: object): fact is Origin {
  return "series" in fact && "openTime" in fact;
}
