import type { Logger } from "pino";
import type { Settings } from "../config/settings.ts";
import { type Clock, machineClock } from "../runtime/clock.ts";
import { lockFolder } from "../store/embedded/folder-lock.ts";
import { type OpenStore, openStore, type StoreOptions } from "../store/open.ts";
import type { Store } from "../store/port.ts";
import { refuseUnfinishedImport } from "../store/transfer/unfinished.ts";
import type { CloseStack } from "./close-stack.ts";
import { describeStrategy } from "./configuration/describe.ts";
import { migrationsDir } from "./package-root.ts";
import { beginRun } from "./run.ts";
import { type RunningSandbox, startSandboxMode } from "./sandbox.ts";
import type { Secrets } from "./secrets.ts";
import { storeKey } from "./store-key.ts";
import type { StrategyPlan } from "./strategy-plan.ts";

/** What is kept and what time it is: the store, the sandbox, the account and the note of this run. */
export async function openBooks(
  settings: Settings,
  secrets: Secrets,
  strategies: StrategyPlan,
  log: Logger,
  stack: CloseStack,
): Promise<{
  readonly opened: OpenStore;
  readonly sandbox: RunningSandbox | undefined;
  readonly clock: Clock;
  readonly runId: string;
  /** Whoever listens to the store is there later than the store itself. */
  readonly onStoreCall: (listener: StoreListener) => void;
}> {
  const { dataDir } = settings;
  let listener: StoreListener = () => undefined;
  const supabaseKey = await storeKey(settings, secrets.broker);
  const onCall: StoreListener = (call) => listener(call);
  const opened = await openStoreFor({ ...settings, supabaseKey }, log, stack, onCall);
  const { store, road } = opened;
  const sandbox = await openSandbox(settings, log, stack);
  const clock = sandbox?.clock ?? machineClock;
  await openPaperAccount(settings, store, clock);
  const told = {
    settings,
    dataDir,
    road,
    strategies: strategies.configured.map(describeStrategy),
    clock,
    log,
  };
  const runId = await beginRun({ ...store, ...told }, stack);
  return { opened, sandbox, clock, runId, onStoreCall: (next) => (listener = next) };
}

type StoreSettings = Pick<Settings, "dataDir" | "databaseUrl" | "supabaseUrl" | "supabaseKey">;
type StoreListener = NonNullable<StoreOptions["onCall"]>;

async function openStoreFor(
  { dataDir, databaseUrl, supabaseUrl, supabaseKey }: StoreSettings,
  log: Logger,
  stack: CloseStack,
  onCall: StoreOptions["onCall"],
): Promise<OpenStore> {
  // The embedded database locks the folder itself; on the other roads the folder is still ours alone.
  const isEmbedded = databaseUrl === undefined && supabaseUrl === undefined;
  if (!isEmbedded) stack.push(await lockFolder(dataDir));
  const opened = await openStore({
    dataDir,
    databaseUrl,
    supabaseUrl,
    supabaseKey,
    migrationsDir,
    log: (line) => log.info({ actor: "architect" }, line),
    onCall,
  });
  stack.push(() => opened.stop());
  await refuseUnfinishedImport(opened.store.database);
  return opened;
}

/** Opens the account at the first start; later ones find it as it is. */
async function openPaperAccount(settings: Settings, store: Store, clock: Clock): Promise<void> {
  const cash = String(settings.paperCash);
  await store.trade.openAccount("paper", settings.paperCurrency, cash, clock.nowMs());
}

async function openSandbox(
  settings: Settings,
  log: Logger,
  stack: CloseStack,
): Promise<RunningSandbox | undefined> {
  if (settings.mode !== "sandbox") return undefined;
  const onFailure = (err: unknown): void => log.error({ err }, "the sandbox exchange failed");
  const sandbox = await startSandboxMode(settings, machineClock, onFailure);
  stack.push(() => sandbox.server.close());
  log.info(`sandbox exchange at ${sandbox.server.url}, ${settings.speed} times as fast`);
  return sandbox;
}
