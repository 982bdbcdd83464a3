import type { HubProcess } from "./hub-process.ts";

export interface ApiCandle {
  readonly openTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export interface ApiSignal {
  readonly id: string;
  readonly series: { readonly exchange: string; readonly pair: string; readonly timeframe: string };
  readonly openTime: number;
  readonly strategy: string;
  readonly side: string;
  readonly price: string;
  readonly verdict: {
    readonly decision: "accepted" | "refused";
    readonly checks: readonly { readonly check: string; readonly passed: boolean }[];
  } | null;
}

export interface ApiOrder {
  readonly clientOrderId: string;
  readonly origin: string;
  readonly signalId?: string;
  readonly state: string;
}

export interface ApiNode {
  /** Of an actor in a process of its own. */
  readonly pid?: number;
  readonly id: string;
  readonly state: string;
  readonly restarts: number;
  readonly children: readonly ApiNode[];
}

/** Every stored candle of a series, oldest first. */
export async function allCandles(
  hub: HubProcess,
  pair: string,
  timeframe: string,
): Promise<ApiCandle[]> {
  const found: ApiCandle[] = [];
  let from = 0;
  for (;;) {
    const query = `exchange=binance&pair=${encodeURIComponent(pair)}&timeframe=${timeframe}&from=${from}&limit=1000`;
    const { candles } = await hub.get<{ candles: ApiCandle[] }>(`/api/v1/candles?${query}`);
    const last = candles.at(-1);
    if (last === undefined) return found;
    found.push(...candles);
    from = last.openTime + 1;
  }
}

/** Every signal with its verdict, newest first. */
export async function allSignals(hub: HubProcess): Promise<ApiSignal[]> {
  const found: ApiSignal[] = [];
  let path: string | null = "/api/v1/signals?limit=200";
  while (path !== null) {
    const page: { signals: ApiSignal[]; next: string | null } = await hub.get(path);
    found.push(...page.signals);
    path =
      page.next === null
        ? null
        : `/api/v1/signals?limit=200&cursor=${encodeURIComponent(page.next)}`;
  }
  return found;
}

/** All nodes of the actor tree, flat. */
export async function allActors(hub: HubProcess): Promise<ApiNode[]> {
  const flat = (node: ApiNode): ApiNode[] => [node, ...node.children.flatMap(flat)];
  return flat(await hub.get<ApiNode>("/api/v1/actors"));
}
