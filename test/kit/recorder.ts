import { AskFailure } from "../../src/runtime/ask-failure.ts";
import { messageOf } from "../../src/runtime/errors.ts";
import type { MessageOf, Protocol, Ref, ReplyOf, TopicName } from "../../src/runtime/protocol.ts";

/** What a recorder answers, by topic. A topic without an answer fails an ask. */
export type Answers<P extends Protocol> = {
  [K in TopicName<P>]?: (message: MessageOf<P, K>) => ReplyOf<P, K> | Promise<ReplyOf<P, K>>;
};

/** A neighbour that remembers what it was told and asked, in order, and answers as a test says. */
export interface Recorder<P extends Protocol> extends Ref<P> {
  readonly received: { readonly topic: TopicName<P>; readonly message: unknown }[];
  /** May be changed while a test runs. */
  readonly answers: Answers<P>;
  /** The messages of one topic. */
  of<K extends TopicName<P>>(topic: K): MessageOf<P, K>[];
}

/** Makes a recorder. Told something it has an answer for, it runs that too. */
export function recorder<P extends Protocol>(answers: Answers<P> = {}, id = "recorder") {
  const received: { readonly topic: TopicName<P>; readonly message: unknown }[] = [];
  const result: Recorder<P> = {
    id,
    received,
    answers,
    of<K extends TopicName<P>>(topic: K) {
      const mine = received.filter((one) => one.topic === topic);
      return mine.map((one) => one.message as MessageOf<P, K>);
    },
    tell(topic, message) {
      received.push({ topic, message });
      void answers[topic]?.(message);
    },
    async ask(topic, message) {
      received.push({ topic, message });
      const answer = answers[topic];
      if (answer === undefined) throw new AskFailure("actor-stopped", `${topic} has no answer`);
      try {
        return await answer(message);
      } catch (error) {
        if (error instanceof AskFailure) throw error;
        throw new AskFailure("handler-failed", messageOf(error), error);
      }
    },
  };
  return result;
}
