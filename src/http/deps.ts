import type { CommanderProtocol } from "../actors/commander/protocol.ts";
import type { GatekeeperProtocol } from "../actors/gatekeeper/protocol.ts";
import type { NotifierProtocol } from "../actors/notifier/protocol.ts";
import type { SentinelProtocol } from "../actors/sentinel/protocol.ts";
import type { Settings } from "../config/settings.ts";
import type { Broker } from "../exchanges/port.ts";
import type { Liveness } from "../market/liveness.ts";
import type { SignalConfig } from "../market/signal.ts";
import type { Timeframe } from "../market/timeframe.ts";
import type { TraceId } from "../market/trace.ts";
import type { HttpMetrics } from "../metrics/http.ts";
import type { RiskLimits } from "../risk/limits.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Ref } from "../runtime/protocol.ts";
import type { ActorNode } from "../runtime/spec.ts";
import type { LeaseKeeper } from "../store/lease-keeper.ts";
import type { Json, Store } from "../store/port.ts";
import type { Standing } from "../vault/broker/census.ts";
import type { NumberedEntry } from "../vault/ledger/line.ts";
import type { EventSource } from "./event-source.ts";
import type { TokenView } from "./sse.ts";
import type { HubView } from "./view.ts";

/** What the HTTP layer stands on. It starts none of it and stops none of it. */
export interface HttpDeps {
  readonly commander: Ref<CommanderProtocol>;
  readonly gatekeeper: Ref<GatekeeperProtocol>;
  readonly sentinel: Ref<SentinelProtocol>;
  /** Undefined without a channel to tell people by. */
  readonly notifier: Ref<NotifierProtocol> | undefined;
  /** For the operators' reads; Chatty's paths use {@link view} alone. */
  readonly store: Store;
  readonly view: HubView;
  readonly leases: Pick<LeaseKeeper, "holder" | "standings">;
  readonly tree: () => ActorNode;
  /** What was due on every series and what was done. */
  readonly liveness: () => Liveness;
  readonly events: EventSource;
  readonly tokens: TokenView;
  readonly vault: VaultView;
  readonly metrics: HttpMetrics;
  readonly scrape: { readonly contentType: string; text(): Promise<string> };
  /** The hub's clock: what "today" and "the last 30 days" mean. */
  readonly clock: Clock;
  /** The machine's clock: time limits, heartbeats, uptime. */
  readonly machineClock: Clock;
  readonly settings: Pick<
    Settings,
    "mode" | "chattyAllow" | "corsOrigins" | "jwtIssuer" | "requestsPerMinute"
  >;
  readonly broker: Pick<Broker, "id" | "name" | "live">;
  readonly strategies: StrategyView;
  readonly version: string;
  /** When the process started, UTC ms on the machine's clock. */
  readonly startedAt: number;
  /** The newest log lines, in any order, already free of secrets. */
  readonly logs: () => readonly LogLine[];
  /** Told what ended in a 500, which its asker is not told. */
  readonly onFailure?: (error: unknown, requestId: string) => void;
}

/** What may be shown of the vault, from memory. */
export interface VaultView {
  /** In Chatty's words; `not_configured` while the hub's own vault serves. */
  status(): "ok" | "offline" | "not_configured";
  /** Whether credentials for a venue are set up; undefined until that was looked at. */
  standing(venue: string): Standing | undefined;
  /** Lines of the ledger of secrets, newest first. */
  ledger(limit: number, before?: number): readonly NumberedEntry[];
}

export interface LogLine {
  /** Rising by one. */
  readonly seq: number;
  /** UTC ms. */
  readonly at: number;
  readonly level: "trace" | "debug" | "info" | "warn" | "error" | "fatal";
  readonly message: string;
  readonly source?: string;
  /** The candle whose story it belongs to. */
  readonly traceId?: TraceId;
}

/** A strategy as it is configured. */
export interface StrategyInfo {
  readonly id: string;
  readonly version: string;
  readonly summary: string;
  readonly parameters: { readonly [name: string]: Json };
  /** Where it runs; null means everywhere. */
  readonly timeframes: readonly Timeframe[] | null;
  readonly pairs: readonly string[] | null;
  /** What made it run. */
  readonly config: SignalConfig;
}

/** Which strategies run and why, from memory; only a refresh waits for the vault. */
export interface StrategyView {
  running(): readonly StrategyInfo[];
  limitsOf(config: SignalConfig): RiskLimits;
  standing(): {
    readonly origin: SignalConfig["origin"];
    /** Since the vault last said what runs; null when it never did. */
    readonly confirmedAgeMs: number | null;
    /** Rows that cannot be, and which earlier version of each runs in its place. */
    readonly refused: readonly {
      readonly name: string;
      readonly version: number;
      readonly reason: string;
      readonly running: number | null;
    }[];
    /** Rows that are switched off. */
    readonly disabled: readonly string[];
  };
  refresh(): Promise<
    | { readonly kind: "unchanged" }
    | {
        readonly kind: "changed";
        readonly started: readonly string[];
        readonly changed: readonly string[];
        readonly stopped: readonly string[];
      }
    | { readonly kind: "failed"; readonly reason: string }
  >;
}
