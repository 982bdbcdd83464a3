import { createHash } from "node:crypto";
import type { CommanderProtocol } from "../../../src/actors/commander/protocol.ts";
import type { GatekeeperProtocol } from "../../../src/actors/gatekeeper/protocol.ts";
import type { NotifierProtocol } from "../../../src/actors/notifier/protocol.ts";
import type { SentinelProtocol } from "../../../src/actors/sentinel/protocol.ts";
import type { TokenBook } from "../../../src/actors/sentinel/token-book.ts";
import type { HttpDeps } from "../../../src/http/deps.ts";
import type { HubEvent, Recorded } from "../../../src/market/events.ts";
import type { Role } from "../../../src/market/token.ts";
import { FailureError } from "../../../src/runtime/errors.ts";
import type {
  MessageOf,
  Protocol,
  Ref,
  ReplyOf,
  TopicName,
} from "../../../src/runtime/protocol.ts";

/** What an actor was told or asked. */
export interface Received {
  readonly topic: string;
  readonly message: unknown;
}

type Replies<P extends Protocol> = {
  readonly [K in TopicName<P>]: (
    message: MessageOf<P, K>,
  ) => ReplyOf<P, K> | Promise<ReplyOf<P, K>>;
};

/** A ref that remembers what it gets and answers as it is told; silent, it lets every ask time out. */
export class FakeRef<P extends Protocol> implements Ref<P> {
  readonly id: string;
  readonly received: Received[] = [];
  isSilent = false;
  readonly #replies: Replies<P>;

  constructor(id: string, replies: Partial<Replies<P>>) {
    this.id = id;
    this.#replies = replies as Replies<P>;
  }

  tell<K extends TopicName<P>>(topic: K, message: MessageOf<P, K>): void {
    this.received.push({ topic, message });
  }

  ask<K extends TopicName<P>>(topic: K, message: MessageOf<P, K>): Promise<ReplyOf<P, K>> {
    this.received.push({ topic, message });
    if (!this.isSilent) return Promise.resolve(this.#replies[topic](message));
    const failure = new FailureError("ask-timeout", `${this.id} is silent`, { retry: "unknown" });
    return Promise.reject(failure);
  }
}

/** Tokens by role; every one is marked, so that a test can search answers for it. */
export const TOKENS: Readonly<Record<Role, string>> = {
  viewer: "ek_viewer_MARKED-SECRET",
  operator: "ek_operator_MARKED-SECRET",
  admin: "ek_admin_MARKED-SECRET",
};

/** The hash of a token as the hub has it. */
function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Ids of the tokens by role. */
export const TOKEN_IDS: Readonly<Record<Role, string>> = {
  viewer: "0000000000aa",
  operator: "0000000000bb",
  admin: "0000000000cc",
};

/** The token of a role, as a store has it. */
export function tokenRow(role: Role) {
  return {
    id: TOKEN_IDS[role],
    name: `the ${role}`,
    role,
    hash: hashOf(TOKENS[role]),
    createdBy: "operator",
    createdAt: 1_000,
    expiresAt: null,
    lastUsedAt: null,
    revokedBy: null,
    revokedAt: null,
  };
}

/** Knows who shows a token by a book, and writes nothing down. */
export function fakeSentinel(book: TokenBook): FakeRef<SentinelProtocol> {
  return new FakeRef<SentinelProtocol>("sentinel", {
    identify: ({ tokenHash }) => book.identify(tokenHash),
    record: () => {},
    createToken: (order) => book.create(order),
    revokeToken: ({ id, by }) => book.revoke(id, by),
  });
}

const SERIES = { exchange: "binance", pair: "BTC/USDT", timeframe: "15m" } as const;

/** Answers by the pair it is asked for, so that a test picks the outcome. */
export function fakeCommander(): FakeRef<CommanderProtocol> {
  const refused = {
    kind: "refused",
    field: "pair",
    message: "binance does not trade NOPE/USDT",
    allowed: ["BTC/USDT", "ETH/USDT"],
  } as const;
  return new FakeRef<CommanderProtocol>("commander", {
    watch: ({ pair }) => {
      if (pair.startsWith("NOPE")) return refused;
      if (pair.startsWith("OLD")) return { kind: "already-watched", series: SERIES };
      if (pair.startsWith("SLOW")) return { kind: "arming", series: SERIES, reason: "no answer" };
      return { kind: "added", series: SERIES, armedInMs: 42 };
    },
    unwatch: ({ pair }) => {
      if (pair.startsWith("NOPE")) return refused;
      return pair.startsWith("GONE")
        ? { kind: "not-watched" }
        : { kind: "removed", series: SERIES };
    },
    savePortfolio: ({ portfolio }) =>
      portfolio.name === "nope" ? refused : { kind: "saved", portfolio },
    watchlist: () => [{ ...SERIES, state: "armed", newestOpenTime: null }],
  });
}

/** Two channels, of which one does not take what it is sent. */
export function fakeNotifier(): FakeRef<NotifierProtocol> {
  return new FakeRef<NotifierProtocol>("notifier", {
    test: () => [
      { channel: "ops", taken: true },
      { channel: "night", taken: false, reason: "it answered 500" },
    ],
  });
}

export function fakeGatekeeper(): FakeRef<GatekeeperProtocol> {
  return new FakeRef<GatekeeperProtocol>("gatekeeper", {
    halt: () => ({ before: false, halted: true, halts: [] }),
    resume: () => ({ before: true, halted: false, halts: [] }),
  });
}

/** The event stream with a ring of a size. */
export class FakeEvents {
  readonly #ring: Recorded[] = [];
  readonly #listeners = new Set<(recorded: Recorded) => void>();
  readonly #keep: number;
  #seq = 0;

  constructor(keep = 1_000) {
    this.#keep = keep;
  }

  publish(event: HubEvent, at = 0): Recorded {
    const recorded = { seq: ++this.#seq, at, event };
    this.#ring.push(recorded);
    if (this.#ring.length > this.#keep) this.#ring.shift();
    for (const listener of this.#listeners) listener(recorded);
    return recorded;
  }

  get lastSeq(): number {
    return this.#seq;
  }

  get oldestSeq(): number {
    return this.#ring[0]?.seq ?? 0;
  }

  since(seq: number): readonly Recorded[] {
    return this.#ring.filter((recorded) => recorded.seq > seq);
  }

  subscribe(listener: (recorded: Recorded) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  get listeners(): number {
    return this.#listeners.size;
  }
}

/** A candle with a story. */
export const TRACE_ID = "binance.BTC-USDT.15m.20260310T114500Z";
export const LOGS: ReturnType<HttpDeps["logs"]> = [
  { seq: 1, at: 1_000, level: "info", message: "first" },
  { seq: 2, at: 2_000, level: "fatal", message: "second\n  line", source: "main" },
  { seq: 3, at: 3_000, level: "trace", message: "third" },
  { seq: 0, at: 500, level: "info", message: "zeroth", source: "trader", traceId: TRACE_ID },
];
