import { allActors } from "../../e2e/kit/api.ts";
import { dataFolder, HubProcess, until } from "../../e2e/kit/hub-process.ts";

const PAIRS = ["BTC", "ETH", "SOL", "XRP", "ADA", "DOGE", "LINK", "LTC"].map(
  (coin) => `${coin}/USDT`,
);
/** Chatty's paths, and some of everybody else. */
const PATHS = [
  "/api/health",
  "/api/status",
  "/api/trades/history",
  "/api/v1/signals",
  "/api/v1/orders",
  "/api/v1/actors",
  "/api/v1/no-such-thing",
];
const BREATH_MS = 200;

/** Every strategy may trade at the slightest sign, so that there are orders and fills to look at. */
const SETTINGS = {
  HUB_SPEED: "60",
  HUB_FORK_HARVESTERS: "true",
  HUB_CONFIG_SECONDS: "5",
  // Nobody listens there: what is told waits, and is tried again.
  HUB_NOTIFICATIONS: JSON.stringify([{ name: "ops", type: "webhook" }]),
  NOTIFY_OPS: "http://127.0.0.1:9/nobody",
  HUB_PORTFOLIOS: JSON.stringify([
    { name: "majors", exchange: "binance", pairs: PAIRS.slice(0, 4), timeframes: ["1m", "5m"] },
    { name: "others", exchange: "binance", pairs: PAIRS.slice(4), timeframes: ["1m", "5m"] },
  ]),
};

/** A real hub at sixty times the speed, asked all the time, with something going wrong now and then. */
export class BusyHub {
  readonly hub: HubProcess;
  readonly #folder: ReturnType<typeof dataFolder>;
  readonly #stopped = new AbortController();
  readonly #work: Promise<unknown>;

  private constructor(hub: HubProcess, folder: ReturnType<typeof dataFolder>) {
    this.hub = hub;
    this.#folder = folder;
    this.#work = Promise.all([this.#ask(), this.#listen()]);
  }

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<BusyHub> {
    const folder = dataFolder();
    try {
      return new BusyHub(await HubProcess.start(folder.path, { ...SETTINGS, ...settings }), folder);
    } catch (error) {
      folder.remove();
      throw error;
    }
  }

  /** Ends the harvester's process from outside, and waits for the next one. */
  async killHarvester(): Promise<void> {
    const before = await this.#harvesterPid();
    process.kill(before, "SIGKILL");
    const isReplaced = async () => (await this.#harvesterPid().catch(() => before)) !== before;
    await until(isReplaced, 30_000, "the harvester to be replaced");
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#work;
    await this.hub.stop();
    this.#folder.remove();
  }

  async #harvesterPid(): Promise<number> {
    const forks = (await allActors(this.hub)).filter(({ pid }) => pid !== undefined);
    const pid = forks.find(({ pid }) => pid !== this.hub.pid)?.pid;
    if (pid === undefined) throw new Error("no harvester has a process of its own");
    return pid;
  }

  /** What operators, Chatty and somebody without a token ask for. */
  async #ask(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      for (const path of PATHS) await this.hub.request(path).catch(() => undefined);
      const wrong = { headers: { authorization: "Bearer hub_nobody" } };
      await fetch(`${this.hub.url}/api/v1/status`, wrong).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, BREATH_MS));
    }
  }

  /** One reader of the event stream. */
  async #listen(): Promise<void> {
    const { signal } = this.#stopped;
    const token = this.hub.token();
    const headers = { authorization: `Bearer ${token}` };
    try {
      const answer = await fetch(`${this.hub.url}/api/v1/events`, { headers, signal });
      for await (const _ of answer.body ?? []) if (signal.aborted) return;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
