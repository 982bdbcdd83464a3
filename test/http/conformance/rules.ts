/** An answer's body, of which nothing is believed yet. */
export type Body = Readonly<Record<string, unknown>>;

/** One thing that the page needs, by its number, and whether an answer gives it. */
export type Rule = readonly [number: string, holds: boolean];

export const isNumber = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value);
export const isNumberOrNull = (value: unknown): boolean => value === null || isNumber(value);
export const isText = (value: unknown): value is string =>
  typeof value === "string" && value !== "";
export const isFlag = (value: unknown): boolean => typeof value === "boolean";
export const isInstant = (value: unknown): boolean =>
  isText(value) && /T.*(Z|[+-]\d\d:?\d\d)$/.test(value) && !Number.isNaN(Date.parse(value));
export const isOneOf = (value: unknown, words: readonly string[]): boolean =>
  typeof value === "string" && words.includes(value);

/** An absent field is fine where a wrong one is not. */
export const isAbsentOr = (value: unknown, holds: (value: unknown) => boolean): boolean =>
  value === undefined || holds(value);

export function bodyOf(value: unknown): Body {
  return typeof value === "object" && value !== null ? (value as Body) : {};
}

/** The entries of a list; undefined when it is none, or one of them is no object. */
export function entriesOf(value: unknown): readonly Body[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const entries: readonly unknown[] = value;
  const areObjects = entries.every((one) => typeof one === "object" && one !== null);
  return areObjects ? (entries as readonly Body[]) : undefined;
}

export function everyOf(value: unknown, holds: (entry: Body) => boolean): boolean {
  return entriesOf(value)?.every(holds) === true;
}

export function areUnique(entries: readonly Body[], key: string): boolean {
  return new Set(entries.map((entry) => entry[key])).size === entries.length;
}

/** Newest first by their time stamps. */
export function isNewestFirst(entries: readonly Body[]): boolean {
  const times = entries.map(({ timestamp }) => Date.parse(String(timestamp)));
  return times.every((time, i) => i === 0 || (times[i - 1] ?? 0) >= time);
}
