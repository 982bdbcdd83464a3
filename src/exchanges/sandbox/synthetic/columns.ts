/** Bars of equal length one after the other, a column each: prices in ticks, volumes in lots. */
export interface Columns {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

export function emptyColumns(length: number): Columns {
  return {
    open: new Float64Array(length),
    high: new Float64Array(length),
    low: new Float64Array(length),
    close: new Float64Array(length),
    volume: new Float64Array(length),
  };
}

/** One bar out of columns, in whole numbers that a double holds exactly. */
export interface Figures {
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

export function figuresAt(columns: Columns, i: number): Figures {
  return {
    open: columns.open[i] ?? 0,
    high: columns.high[i] ?? 0,
    low: columns.low[i] ?? 0,
    close: columns.close[i] ?? 0,
    volume: columns.volume[i] ?? 0,
  };
}

/** Appends what came next to figures; sums of whole numbers below 2^53 lose nothing. */
export function extend(figures: Figures, next: Figures): void {
  if (next.high > figures.high) figures.high = next.high;
  if (next.low < figures.low) figures.low = next.low;
  figures.close = next.close;
  figures.volume += next.volume;
}
