/**
 * The names of an error's classes, its own first, up to but without `Error`.
 * ccxt's families are told by name: its classes exist twice when a package loads the other build.
 */
export function classNames(thrown: unknown): readonly string[] {
  const names: string[] = [];
  for (let at: unknown = thrown; ; ) {
    at = typeof at === "object" && at !== null ? Object.getPrototypeOf(at) : undefined;
    if (typeof at !== "object" || at === null || at === Error.prototype) return names;
    names.push(at.constructor.name);
  }
}
