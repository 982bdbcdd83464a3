import type { Logger } from "pino";
import type { Settings } from "../../config/settings.ts";
import type { HubEvent } from "../../market/events.ts";
import type { RawSignal } from "../../market/signal.ts";
import type { ReviewInput } from "../../risk/input.ts";
import type { RiskLimits } from "../../risk/limits.ts";
import { machineClock } from "../../runtime/clock.ts";
import { messageOf } from "../../runtime/errors.ts";
import type { CloseStack } from "../close-stack.ts";
import { random } from "../random.ts";
import type { Secrets } from "../secrets.ts";
import type { StrategyPlan } from "../strategy-plan.ts";
import { sealedConfigMemory } from "./memory.ts";
import { ConfigWatch } from "./watch.ts";

/** What runs by the vault's word, and whom that concerns. */
export interface Configuration {
  readonly watch: ConfigWatch;
  /** How a signal is judged. */
  readonly rulesOf: (signal: RawSignal) => Pick<ReviewInput, "limits" | "configuration">;
  /** Facts from now on, and what was said before the event stream was there. */
  readonly publishTo: (publish: (event: HubEvent) => void) => void;
  /** Called when analysts have to think anew. */
  readonly onChange: (rethink: () => void) => void;
  readonly maxAgeMs: number;
}

/** Has the strategies of the vault's rows run, before anybody thinks with others. */
export async function openConfiguration(
  plan: StrategyPlan,
  limits: RiskLimits,
  { vault, box }: Secrets,
  { configSeconds, maxConfigAgeSeconds }: Pick<Settings, "configSeconds" | "maxConfigAgeSeconds">,
  log: Logger,
  stack: CloseStack,
): Promise<Configuration> {
  const early: HubEvent[] = [];
  let publish = (event: HubEvent): void => void early.push(event);
  let rethink = (): void => undefined;
  const watch = new ConfigWatch({
    vault,
    memory: sealedConfigMemory(box),
    plan,
    limits,
    machineClock,
    random,
    everyMs: configSeconds * 1_000,
    publish: (event) => publish(event),
    onChange: () => rethink(),
    onFailure: (what, error) => log.warn(`${what}: ${messageOf(error)}`),
  });
  stack.push(() => watch.stop());
  await watch.start();
  const maxAgeMs = maxConfigAgeSeconds * 1_000;
  return {
    watch,
    maxAgeMs,
    rulesOf: ({ config, series }) => ({
      limits: watch.limitsOf(config),
      configuration: { isRunning: watch.isRunning(config, series), ageMs: watch.ageMs, maxAgeMs },
    }),
    publishTo: (next) => {
      publish = next;
      early.splice(0).forEach(next);
    },
    onChange: (next) => {
      rethink = next;
      // What changed while the actors were started is news to those that started first.
      next();
    },
  };
}
