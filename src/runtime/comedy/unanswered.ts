import type { ComedyFork } from "./internals.ts";

/**
 * Takes over failing what still waits for an answer when a child is gone; answers the way to do so.
 * Comedy rejects its own promise of the answer then, which it heeds only once the question has left:
 * a question that is still being written would be a rejection that nobody handles, and end the hub.
 */
export function failUnanswered(fork: ComedyFork): (error: Error) => void {
  const waiting = new Map<number, (error: Error) => void>();
  const send = fork._send0.bind(fork);
  fork._send0 = (message, ...rest) => {
    const sent = send(message, ...rest);
    const { id, type } = message;
    if (type !== "actor-message" || id === undefined) return sent;
    return new Promise((resolve, reject) => {
      waiting.set(id, reject);
      sent.then(
        (answer) => {
          waiting.delete(id);
          resolve(answer);
        },
        (error: Error) => {
          waiting.delete(id);
          reject(error);
        },
      );
    });
  };
  return (error) => {
    for (const [id, reject] of waiting) {
      delete fork.responsePromises[id];
      reject(error);
    }
    waiting.clear();
  };
}
