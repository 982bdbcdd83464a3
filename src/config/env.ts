/** The environment as the hub reads it: the only place that touches `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A copy of the process's environment; empty values count as unset. */
export function readEnvironment(): Environment {
  return Object.fromEntries(
    Object.entries(process.env).filter(([, value]) => value !== undefined && value !== ""),
  );
}
