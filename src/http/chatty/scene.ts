import { type DecimalText, decimal, isDecimalText, text } from "../../market/decimal.ts";
import type { Liveness } from "../../market/liveness.ts";
import { type Equity, markToMarket } from "../../market/portfolio.ts";
import type { ActorNode } from "../../runtime/spec.ts";
import type { HttpDeps } from "../deps.ts";
import type { Picture } from "../view.ts";

const DAY_MS = 86_400_000;

/** Everything Chatty's answers are made of, taken in one moment, so that they agree. */
export interface Scene {
  readonly picture: Picture;
  /** Null until the account was read once. */
  readonly equity: Equity | null;
  /** Change of equity since the UTC day began; null when the day's start is not marked yet. */
  readonly pnlToday: DecimalText | null;
  readonly price: (exchange: string, pair: string) => DecimalText | undefined;
  readonly worker: WorkerStatus;
  readonly liveness: Liveness;
  readonly parked: readonly string[];
  readonly broker: HttpDeps["broker"];
  readonly isBrokerUp: boolean;
  readonly liveMode: boolean;
  readonly vaultStatus: ReturnType<HttpDeps["vault"]["status"]>;
  readonly standing: HttpDeps["vault"]["standing"];
  readonly strategyCount: number;
  readonly version: string;
  readonly uptimeSeconds: number;
  /** UTC ms on the hub's clock. */
  readonly nowMs: number;
}

type WorkerStatus = "running" | "degraded" | "unhealthy" | "stopped";

type SceneDeps = Pick<
  HttpDeps,
  | "view"
  | "tree"
  | "liveness"
  | "clock"
  | "machineClock"
  | "settings"
  | "broker"
  | "vault"
  | "strategies"
  | "version"
  | "startedAt"
>;

/** Takes the scene from memory; waits for nobody. */
export function sceneOf(deps: SceneDeps): Scene {
  const picture = deps.view.picture();
  const price = (exchange: string, pair: string) => deps.view.price(exchange, pair);
  const equity = equityOf(picture, price);
  const nowMs = deps.clock.nowMs();
  const actors = actorsOf(deps.tree);
  const liveness = deps.liveness();
  return {
    picture,
    equity,
    pnlToday: pnlToday(picture, equity, nowMs),
    price,
    worker: workerStatus(actors, liveness),
    liveness,
    parked: actors.filter(({ state }) => state === "parked").map(({ id }) => id),
    broker: deps.broker,
    isBrokerUp: isUp(actors, "trader"),
    // Stricter than "all settings are there": only orders for real money make it live.
    liveMode: deps.settings.mode === "live" && deps.broker.live,
    vaultStatus: deps.vault.status(),
    standing: (venue) => deps.vault.standing(venue),
    strategyCount: deps.strategies.running().length,
    version: deps.version,
    uptimeSeconds: Math.max(0, Math.floor((deps.machineClock.nowMs() - deps.startedAt) / 1_000)),
    nowMs,
  };
}

/** What was reckoned last for an account: it holds as long as its positions and their prices do. */
const reckoned = new WeakMap<
  NonNullable<Picture["account"]>,
  {
    readonly positions: Picture["positions"];
    readonly prices: string;
    readonly equity: Equity | null;
  }
>();

function equityOf({ account, positions }: Picture, price: Scene["price"]): Equity | null {
  if (account === null) return null;
  const prices = positions.map(({ exchange, pair }) => price(exchange, pair) ?? "").join(" ");
  const before = reckoned.get(account);
  if (before?.positions === positions && before.prices === prices) return before.equity;
  const equity = reckon(account, positions, price);
  reckoned.set(account, { positions, prices, equity });
  return equity;
}

/** Null also where a stored figure cannot be calculated with: one bad row must not blank the page. */
function reckon(
  account: NonNullable<Picture["account"]>,
  positions: Picture["positions"],
  price: Scene["price"],
): Equity | null {
  try {
    const equity = markToMarket(account, positions, price);
    return isDecimalText(equity.equity) && isDecimalText(equity.openPnl) ? equity : null;
  } catch {
    return null;
  }
}

function pnlToday({ account }: Picture, equity: Equity | null, nowMs: number): DecimalText | null {
  if (account === null || equity === null) return null;
  if (Math.floor(account.dayStart / DAY_MS) !== Math.floor(nowMs / DAY_MS)) return null;
  return text(decimal(equity.equity).minus(decimal(account.dayStartEquity)));
}

/** All actors of the tree, without its supervisors; none when the tree itself is gone. */
export function actorsOf(tree: () => ActorNode): readonly ActorNode[] {
  const flatten = (node: ActorNode): readonly ActorNode[] => [
    ...(node.kind === "actor" ? [node] : []),
    ...node.children.flatMap(flatten),
  ];
  try {
    return flatten(tree());
  } catch {
    return [];
  }
}

/** Whether an actor of a name runs, wherever it stands in the tree. */
export function isUp(actors: readonly ActorNode[], name: string): boolean {
  return actors.some(({ id, state }) => (id === name || id.endsWith(`/${name}`)) && state === "up");
}

/** A worker is as well as its work: an actor that is up and does nothing is no good. */
function workerStatus(actors: readonly ActorNode[], liveness: Liveness): WorkerStatus {
  if (!isUp(actors, "commander")) return "stopped";
  const isSound = actors.every(({ state }) => state === "up" || state === "starting");
  if (liveness.state === "unhealthy") return "unhealthy";
  return isSound && liveness.state === "healthy" ? "running" : "degraded";
}
