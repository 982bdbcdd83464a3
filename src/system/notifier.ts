import { randomUUID } from "node:crypto";
import { notificationsSpec } from "../actors/notifier/keeper.ts";
import type { NotifierDeps } from "../actors/notifier/notifier.ts";
import type { NotifierProtocol } from "../actors/notifier/protocol.ts";
import { HttpSender } from "../actors/notifier/send/http-sender.ts";
import { Summaries } from "../actors/notifier/summaries.ts";
import type { SentinelProtocol } from "../actors/sentinel/protocol.ts";
import type { Settings } from "../config/settings.ts";
import { AskFailure } from "../runtime/ask-failure.ts";
import type { Ref } from "../runtime/protocol.ts";
import type { ActorSystem } from "../runtime/spec.ts";
import type { Store } from "../store/port.ts";
import { LeaseHolder } from "../vault/broker/holder.ts";
import type { LeaseAnswer, SecretName } from "../vault/lease.ts";

/** Longest wait for the sentinel, which may have to ask a vault that is slow, machine ms. */
const LEASE_TIMEOUT_MS = 30_000;

export interface TellPeople
  extends Pick<NotifierDeps, "clock" | "machineClock" | "random" | "gate" | "meter"> {
  readonly settings: Pick<Settings, "notifications" | "summaryHour">;
  readonly store: Pick<Store, "notifications" | "outbox" | "trade" | "gaps">;
  readonly system: ActorSystem;
  readonly sentinel: Ref<SentinelProtocol>;
  /** Tells which secret has changed. */
  readonly onRevocation: (listener: (secret: string) => void) => void;
}

/** Starts the actor that tells people outside of the hub; none without a channel. */
export async function startNotifier(deps: TellPeople): Promise<Ref<NotifierProtocol> | undefined> {
  const { settings, store, system, clock, machineClock } = deps;
  const channels = settings.notifications;
  if (channels.length === 0) return undefined;
  const holders = new Map(channels.map(({ name }) => [name, holderOf(name, deps)]));
  deps.onRevocation((secret) => holders.forEach((holder) => holder.revoked(secret)));
  return system.root.spawn(
    notificationsSpec({
      ...deps,
      channels,
      notifications: store.notifications,
      outbox: store.outbox,
      summaries: new Summaries({ ...store, clock, hour: settings.summaryHour }),
      sender: new HttpSender(machineClock),
      lease: async (name) => holders.get(name)?.lease() ?? { kind: "absent" },
      newId: randomUUID,
    }),
  );
}

function holderOf(channel: string, { sentinel, machineClock }: TellPeople): LeaseHolder {
  const secret: SecretName = `notify:${channel}`;
  const wish = { who: "notifier", secret, purpose: "notify" };
  const ask = (): Promise<LeaseAnswer> =>
    sentinel.ask("lease", wish, { timeoutMs: LEASE_TIMEOUT_MS }).catch((error: unknown) => {
      // The sentinel is restarting, or its vault takes too long.
      if (error instanceof AskFailure) return { kind: "unavailable", reason: error.message };
      throw error;
    });
  return new LeaseHolder({ secret, ask, machineClock });
}
