import type { Protocol } from "../../src/runtime/protocol.ts";
import type { Answers, Recorder } from "./recorder.ts";
import { recorder } from "./recorder.ts";

type Handler = (message: unknown) => unknown;

/**
 * A recorder before a real actor: hands it one message at a time, in order, as its mailbox would,
 * a batch topic a batch of one. What a told message's handler throws goes to `onCrash`.
 */
export function serial<P extends Protocol>(
  actor: object,
  topics: { readonly [K in keyof P & string]: "single" | "batch" },
  onCrash: (error: unknown) => void = () => {},
): Recorder<P> {
  let last: Promise<unknown> = Promise.resolve();
  const handlers = actor as Record<string, Handler>;
  const answers: Record<string, Handler> = {};
  for (const [topic, kind] of Object.entries(topics)) {
    answers[topic] = (message) => {
      const work = async (): Promise<unknown> => {
        if (kind === "single") return handlers[topic]?.call(actor, message);
        const answers = (await handlers[topic]?.call(actor, [message])) as readonly unknown[];
        return answers[0];
      };
      const mine = last.then(work);
      last = mine.catch(onCrash);
      // Told messages have nobody who would hear of the failure.
      mine.catch(() => undefined);
      return mine;
    };
  }
  return recorder<P>(answers as Answers<P>, "serial");
}
