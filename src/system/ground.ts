import { makeFolder } from "../config/data-folder.ts";
import type { Environment } from "../config/env.ts";
import type { Settings } from "../config/settings.ts";
import type { RiskLimits } from "../risk/limits.ts";
import { type Clock, machineClock } from "../runtime/clock.ts";
import { passwordOf } from "../store/pg/database-url.ts";
import { openBooks } from "./books.ts";
import { checkSettings } from "./check-settings.ts";
import type { CloseStack } from "./close-stack.ts";
import { type Configuration, openConfiguration } from "./configuration/open.ts";
import { EXCHANGES } from "./exchanges.ts";
import { keepFacts } from "./keep-facts.ts";
import { createLogging, type Logging } from "./logging.ts";
import type { Redactor } from "./redactor.ts";
import { openSecrets, type Secrets } from "./secrets.ts";
import { StrategyPlan } from "./strategy-plan.ts";
import { type Watching, watchEvents } from "./watch-events.ts";

/** What every actor stands on. */
export interface Ground {
  readonly dataDir: string;
  readonly limits: RiskLimits;
  readonly strategies: StrategyPlan;
  readonly logging: Logging;
  readonly secrets: Secrets;
  readonly configuration: Configuration;
  readonly books: Awaited<ReturnType<typeof openBooks>>;
  readonly watching: Watching;
}

/**
 * Checks the settings, then opens log, secrets, store and event stream, in this order.
 * @throws StartRefusal naming the setting at fault, or what could not be opened.
 */
export async function openGround(
  settings: Settings,
  environment: Environment,
  redactor: Redactor,
  stack: CloseStack,
): Promise<Ground> {
  const limits = checkSettings(settings);
  // Others may pass through it, not look: the database may run as another user.
  const dataDir = makeFolder(settings.dataDir, 0o711);
  const strategies = await StrategyPlan.load(settings);
  let clock: Clock = machineClock;
  const logging = createLogging(settings.logLevel, () => clock.nowMs(), redactor);
  const { log } = logging;
  const password = settings.databaseUrl && passwordOf(settings.databaseUrl);
  if (password !== undefined) redactor.add(password);
  const own = { ...settings, dataDir };
  const warn = (line: string): void => log.warn({ actor: "sentinel" }, line);
  const known = { environment: environment.secrets, redactor, warn };
  const secrets = await openSecrets({ settings: own, ...known, venues: EXCHANGES, stack });
  const configuration = await openConfiguration(strategies, limits, secrets, own, log, stack);
  const books = await openBooks(own, secrets, strategies, log, stack);
  ({ clock } = books);
  const { store } = books.opened;
  const watching = await watchEvents(store, clock, log, strategies);
  secrets.measure(watching.metrics.secrets);
  secrets.listen(watching.forActors.publish);
  configuration.publishTo(watching.forActors.publish);
  keepFacts(watching.events, store, books.runId, log, stack);
  books.onStoreCall((call) => watching.metrics.onStoreCall(call));
  return { dataDir, limits, strategies, logging, secrets, configuration, books, watching };
}
