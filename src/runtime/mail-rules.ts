import type { AskFailureCode } from "./ask-failure.ts";
import type { Clock } from "./clock.ts";
import { defaults } from "./defaults.ts";
import { messageOf } from "./errors.ts";
import type { Kit } from "./kit.ts";
import type { Handed, Letter, MailboxOwner } from "./mailbox.ts";
import type { Protocol } from "./protocol.ts";
import type { ChildSpec, MailboxSpec } from "./spec.ts";
import { settingOf } from "./topic-setting.ts";
import type { Turns } from "./turns.ts";

/** What an actor's spec says of its mail, and what becomes of a message that is not handled. */
export class MailRules implements MailboxOwner {
  readonly clock: Clock;
  readonly turns: Turns;
  readonly limits: MailboxSpec;
  readonly #kit: Kit;
  readonly #id: string;
  readonly #spec: ChildSpec<Protocol>;
  readonly #onFailed: (error: unknown) => void;

  /** @param onFailed hears of a handler that threw; whoever asked it has been answered by then. */
  constructor(kit: Kit, id: string, spec: ChildSpec<Protocol>, onFailed: (error: unknown) => void) {
    this.#kit = kit;
    this.#id = id;
    this.#spec = spec;
    this.#onFailed = onFailed;
    this.clock = kit.clock;
    this.turns = kit.turns;
    this.limits = spec.mailbox ?? defaults.mailbox;
  }

  batchLimit(topic: string): number | undefined {
    return settingOf<number>(this.#spec.batches, topic);
  }

  isConcurrent(topic: string): boolean {
    return settingOf<boolean>(this.#spec.concurrent, topic) === true;
  }

  isPatient(topic: string): boolean {
    return settingOf<boolean>(this.#spec.patient, topic) === true;
  }

  onOverflow(letter: Letter): void {
    this.refuse(letter, "mailbox-full", `the mailbox holds ${this.limits.capacity} already`);
  }

  onHandled(handed: Handed, outcome: "ok" | "failed", startedMs: number): void {
    this.#kit.emit?.({
      kind: "handled",
      actor: this.#id,
      topic: handed[0].topic,
      count: handed.length,
      outcome,
      waitMs: startedMs - handed[0].arrivedMs,
      durationMs: this.clock.monotonicMs() - startedMs,
    });
  }

  onFailed(error: unknown, handed: Handed): void {
    for (const letter of handed) letter.ask?.fail("handler-failed", messageOf(error), error);
    this.#onFailed(error);
  }

  /** Makes a message a dead letter, and fails its ask. */
  refuse(letter: Letter, code: AskFailureCode, why: string): void {
    letter.ask?.fail(code, why);
    this.#kit.emit?.({ kind: "dead-letter", actor: this.#id, topic: letter.topic, reason: why });
  }
}
