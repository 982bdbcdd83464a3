import type { Command } from "commander";
import { findHub } from "./address.ts";
import { type Answer, HubClient } from "./client.ts";
import type { World } from "./world.ts";

/** What every command works with. */
export interface Session {
  readonly world: World;
  /** The hub that is running; asked only when a command needs it. */
  hub(): HubClient;
  /** Prints an answer: as JSON when that was asked for, else in the words given. */
  show<T>(answer: Answer<T>, command: Command, words: (value: T) => string): void;
}

export function openSession(world: World): Session {
  return {
    world,
    hub: () => new HubClient(findHub(world.environment)),
    show: (answer, command, words) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      world.print(json === true ? JSON.stringify(answer.json, null, 2) : words(answer.value));
    },
  };
}
