import type { ConfiguredStrategy } from "../../strategies/resolve.ts";

/** Names of configurations, each list in their order. */
export interface NamedChanges {
  readonly started: readonly string[];
  readonly changed: readonly string[];
  readonly stopped: readonly string[];
}

/** What is different between two lists of strategies; undefined when nothing is. */
export function changesBetween(
  before: readonly ConfiguredStrategy[],
  after: readonly ConfiguredStrategy[],
): NamedChanges | undefined {
  const [old, now] = [byName(before), byName(after)];
  const started = [...now.keys()].filter((name) => !old.has(name));
  const stopped = [...old.keys()].filter((name) => !now.has(name));
  const changed = [...now].flatMap(([name, signature]) =>
    old.has(name) && old.get(name) !== signature ? [name] : [],
  );
  const isSame = started.length + stopped.length + changed.length === 0;
  return isSame ? undefined : { started, changed, stopped };
}

/** One name may stand for several timeframes with parameters of their own. */
function byName(configured: readonly ConfiguredStrategy[]): ReadonlyMap<string, string> {
  const signatures = new Map<string, string>();
  for (const { strategy, parameters, timeframes, pairs, config } of configured) {
    const one = JSON.stringify([strategy.id, parameters, timeframes, pairs ?? null, config]);
    signatures.set(config.name, (signatures.get(config.name) ?? "") + one);
  }
  return signatures;
}
