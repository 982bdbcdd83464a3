import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Heard, Listening } from "./listen.ts";
import type { Load, Outcome } from "./load.ts";

export type Task =
  | { readonly kind: "send"; readonly load: Load }
  | { readonly kind: "listen"; readonly listening: Listening }
  | { readonly kind: "stop" };

/** Clients in another process, one task at a time. */
export class Clients {
  readonly #child: ChildProcess = fork(
    fileURLToPath(new URL("./client-process.js", import.meta.url)),
  );

  send(load: Load): Promise<Outcome> {
    return this.#ask({ kind: "send", load }) as Promise<Outcome>;
  }

  async listen(listening: Listening): Promise<void> {
    await this.#ask({ kind: "listen", listening });
  }

  stopListening(): Promise<Heard> {
    return this.#ask({ kind: "stop" }) as Promise<Heard>;
  }

  close(): void {
    this.#child.kill();
  }

  async #ask(task: Task): Promise<unknown> {
    this.#child.send(task);
    const [{ answer }] = (await once(this.#child, "message")) as [{ answer: unknown }];
    return answer;
  }
}
