import { FailureError } from "./errors.ts";
import type { Work } from "./mailbox.ts";
import type { Lifecycle } from "./spec.ts";

export type Behaviour = object & Lifecycle;

/**
 * How a behaviour's methods are called by topic. Callers check the topic against the spec first:
 * here any name would do.
 * @throws FailureError `no-handler` when a topic has no method, or is a name all objects have.
 */
export function workOf(behaviour: Behaviour, topics: readonly string[]): Work {
  const handlers = behaviour as Record<string, unknown>;
  const missing = topics.find(
    (topic) => topic in Object.prototype || typeof handlers[topic] !== "function",
  );
  if (missing !== undefined) {
    const message = `the behaviour has no handler for the topic ${missing}`;
    throw new FailureError("no-handler", message, { retry: "never" });
  }
  const methods = behaviour as Record<string, (payload: unknown) => unknown>;
  return (topic, payload) => methods[topic]?.(payload);
}
