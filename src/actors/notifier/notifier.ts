import type { Channel, Notification } from "../../market/notification.ts";
import { wants } from "../../market/notification.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Handlers } from "../../runtime/protocol.ts";
import type { ActorContext, LocalSpec } from "../../runtime/spec.ts";
import { StoreFailure } from "../../store/errors.ts";
import type { StoreGate } from "../../store/gate.ts";
import type { NotificationStore } from "../../store/notification-port.ts";
import type { OutboxStore } from "../../store/outbox-port.ts";
import type { LeaseAnswer } from "../../vault/lease.ts";
import { deliveryAfter } from "./backoff.ts";
import { choose } from "./choose.ts";
import type { ChannelTest, NotifierProtocol } from "./protocol.ts";
import type { Sender, SendOutcome } from "./send/sender.ts";
import type { Summaries } from "./summaries.ts";

/** What became of notifications, as metrics count it. */
interface NotifierMeter {
  ended(channel: string, outcome: "sent" | "retried" | "dropped", count: number): void;
  waiting(counts: Readonly<Record<string, number>>): void;
}

export interface NotifierDeps {
  readonly channels: readonly Channel[];
  readonly notifications: NotificationStore;
  readonly outbox: Pick<OutboxStore, "after">;
  readonly summaries: Pick<Summaries, "due" | "of" | "told">;
  readonly sender: Sender;
  /** Borrows what a channel is reached by. */
  readonly lease: (channel: string) => Promise<LeaseAnswer>;
  readonly meter: NotifierMeter;
  readonly gate: StoreGate;
  readonly clock: Clock;
  readonly machineClock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly newId: () => string;
}

/** Events are looked for, and channels served, this often; machine ms. */
const EVERY_MS = 2_000;
const PAGE = 500;
/** Notifications that go together in one message. */
const MOST_TOGETHER = 20;
/** Longer than a try can last: whoever took them and did not end it is dead. */
const TERMS = { limit: MOST_TOGETHER, holdMs: 60_000, patienceMs: 86_400_000 };
/** What happened before this is told to nobody, as after a week without channels; hub ms. */
const OLD_NEWS_MS = 86_400_000;
const NOWHERE: Notification = {
  key: "test",
  kind: "summary",
  severity: "info",
  at: 0,
  body: "",
};

/**
 * Tells people outside of the hub what happened. Reads the facts that the database keeps, writes down
 * who is to be told of what, and sends that until each channel has taken it. Keeps no state: after a
 * crash the next one goes on where the database says. A message whose taking could not be written down
 * is sent once more.
 */
export class Notifier implements Handlers<NotifierProtocol> {
  readonly #deps: NotifierDeps;
  readonly #context: ActorContext<NotifierProtocol>;

  constructor(deps: NotifierDeps, context: ActorContext<NotifierProtocol>) {
    this.#deps = deps;
    this.#context = context;
  }

  start(): void {
    void this.#again(async () => {
      await this.#read();
      return EVERY_MS;
    });
    // Each by itself: one that hangs delays no other.
    for (const channel of this.#deps.channels) void this.#again(() => this.#serve(channel));
  }

  async test({ by }: { readonly by: string }): Promise<readonly ChannelTest[]> {
    const { channels, clock } = this.#deps;
    const body = `A test of this channel, asked for by ${by}`;
    const message = { ...NOWHERE, at: clock.nowMs(), body };
    return Promise.all(
      channels.map(async (channel): Promise<ChannelTest> => {
        const outcome = await this.#send(channel, [message]);
        if (outcome.kind === "taken") return { channel: channel.name, taken: true };
        return { channel: channel.name, taken: false, reason: outcome.reason };
      }),
    );
  }

  /** Makes what happened since the last look into notifications. */
  async #read(): Promise<void> {
    const { notifications, gate, meter } = this.#deps;
    const { signal } = this.#context;
    await gate.run(signal, async () => {
      while (await this.#readPage()) {
        // There may be more behind it.
      }
    });
    await gate.run(signal, () => this.#sumUp());
    meter.waiting(await gate.run(signal, () => notifications.waiting()));
  }

  async #sumUp(): Promise<void> {
    const { notifications, summaries } = this.#deps;
    const day = summaries.due;
    if (day === undefined) return;
    const summary = await summaries.of(day);
    if (summary !== undefined) await notifications.add(this.#addressed([summary]));
    summaries.told(day);
  }

  /** False at the end of what there is to read. */
  async #readPage(): Promise<boolean> {
    const { notifications, outbox, clock } = this.#deps;
    const from = await notifications.place();
    // Retention may have taken the event that was looked at last.
    const events = await outbox.after(from, PAGE).catch((error: unknown) => {
      if (error instanceof StoreFailure && error.reason === "event-gone")
        return outbox.after(0, PAGE);
      throw error;
    });
    const last = events.at(-1);
    if (last === undefined) return false;
    // False when another hub was faster: what comes next is behind its place.
    const news = events.filter(({ at }) => at >= clock.nowMs() - OLD_NEWS_MS);
    await notifications.add(this.#addressed(choose(news)), { from, upTo: last.id });
    return events.length === PAGE;
  }

  #addressed(told: readonly Notification[]): (Notification & { channel: string })[] {
    return this.#deps.channels.flatMap((channel) =>
      told.filter((one) => wants(channel, one)).map((one) => ({ ...one, channel: channel.name })),
    );
  }

  /** @returns how long the channel wants to be left alone, ms: what happens meanwhile waits as well. */
  async #serve(channel: Channel): Promise<number> {
    const { notifications, sender, gate, meter, random, newId } = this.#deps;
    const { signal } = this.#context;
    const { name } = channel;
    const claim = newId();
    const { taken, dropped } = await gate.run(signal, () =>
      notifications.claim(name, claim, TERMS),
    );
    if (dropped > 0) meter.ended(name, "dropped", dropped);
    for (let rest = taken; rest.length > 0; ) {
      const part = rest.slice(0, sender.fitting(channel, rest));
      const { tried, outcome } = await this.#sendTogether(channel, part);
      const attempts = Math.min(...tried.map((one) => one.attempts));
      const delivery = deliveryAfter(outcome, attempts, random());
      const isPutOff = delivery.kind === "again";
      // A channel that cannot take the first now is not asked to take the next.
      const ended = (isPutOff ? rest : tried).map(({ id }) => id);
      await gate.run(signal, () => notifications.done(claim, ended, delivery));
      meter.ended(name, isPutOff ? "retried" : delivery.kind, ended.length);
      if (isPutOff) return delivery.waitMs;
      rest = rest.slice(tried.length);
    }
    return 0;
  }

  /** Sends some in one message; where that is refused, the first of them alone: one is at fault. */
  async #sendTogether<N extends Notification>(
    channel: Channel,
    part: readonly N[],
  ): Promise<{ readonly tried: readonly N[]; readonly outcome: SendOutcome }> {
    const outcome = await this.#send(channel, part);
    if (outcome.kind !== "refused" || part.length === 1) return { tried: part, outcome };
    const first = part.slice(0, 1);
    return { tried: first, outcome: await this.#send(channel, first) };
  }

  async #send(channel: Channel, told: readonly Notification[]): Promise<SendOutcome> {
    const answer = await this.#deps.lease(channel.name);
    switch (answer.kind) {
      case "granted": {
        const { address } = answer.lease.parts;
        if (address === undefined) return { kind: "later", reason: "its secret has no address" };
        return this.#deps.sender.send(channel, address, told);
      }
      case "absent":
        return { kind: "later", reason: "its secret was never set up" };
      case "denied":
      case "unavailable":
        return { kind: "later", reason: `no secret: ${answer.reason}` };
    }
  }

  /** Works now, and again after each wait, or a longer one; a failure is the actor's own. */
  async #again(work: () => Promise<number>): Promise<void> {
    const { signal } = this.#context;
    try {
      for (;;) {
        const waitMs = await work();
        await this.#deps.machineClock.sleep(Math.max(EVERY_MS, waitMs), signal);
      }
    } catch (error) {
      if (!signal.aborted) this.#context.fail(error);
    }
  }
}

/** How the system starts the notifier. */
export function notifierSpec(deps: NotifierDeps): LocalSpec<NotifierProtocol> {
  return {
    id: "notifier",
    topics: { test: true },
    concurrent: { test: true },
    create: (context) => new Notifier(deps, context),
  };
}
