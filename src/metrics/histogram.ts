import { labelText, numeral } from "./text.ts";

interface Series {
  /** Observations by the first bound they do not exceed; beyond the last bound in none of these. */
  readonly counts: number[];
  sum: number;
  count: number;
  /** The lines up to their figures: they never change, and most of a scrape is such lines. */
  readonly heads: readonly string[];
  readonly tails: { readonly sum: string; readonly count: string };
}

/**
 * Counts observations by size. The library has one too, but makes a few objects for each line of each
 * scrape, and histograms are most lines.
 */
export class Histogram<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly type = "histogram";
  readonly #labelNames: readonly L[];
  readonly #bounds: readonly number[];
  readonly #series = new Map<string, Series>();

  /** @param bounds rising; what is above the last is counted as well. */
  constructor(name: string, help: string, labelNames: readonly L[], bounds: readonly number[]) {
    this.name = name;
    this.help = help;
    this.#labelNames = labelNames;
    this.#bounds = bounds;
  }

  /** Begins a series at zero, unless it has begun. */
  zero(labels: Readonly<Record<L, string>>): void {
    this.#of(labels);
  }

  observe(labels: Readonly<Record<L, string>>, value: number): void {
    const series = this.#of(labels);
    series.sum += value;
    series.count += 1;
    const place = this.#bounds.findIndex((bound) => value <= bound);
    if (place >= 0) series.counts[place] = (series.counts[place] ?? 0) + 1;
  }

  /** Its lines, each with its end. */
  lines(): string {
    let text = "";
    for (const { counts, heads, tails, sum, count } of this.#series.values()) {
      let below = 0;
      for (const [i, here] of counts.entries()) text += `${heads[i]}${(below += here)}\n`;
      text += `${heads.at(-1)}${count}\n${tails.sum}${numeral(sum)}\n${tails.count}${count}\n`;
    }
    return text;
  }

  #of(labels: Readonly<Record<L, string>>): Series {
    const values = this.#labelNames.map((name) => labels[name]);
    const key = values.join("\0");
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const own = labelText(Object.fromEntries(this.#labelNames.map((name, i) => [name, values[i]])));
    const headOf = (bound: string): string => `${this.name}_bucket{le="${bound}",${own}} `;
    const made: Series = {
      counts: this.#bounds.map(() => 0),
      sum: 0,
      count: 0,
      heads: [...this.#bounds.map(String), "+Inf"].map(headOf),
      tails: { sum: `${this.name}_sum{${own}} `, count: `${this.name}_count{${own}} ` },
    };
    this.#series.set(key, made);
    return made;
  }
}
