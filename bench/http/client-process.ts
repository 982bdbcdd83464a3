import type { Task } from "./clients.ts";
import { listen } from "./listen.ts";
import { send } from "./load.ts";

/** Clients in a process of their own, so that their work is not counted as the server's. */
let stop: (() => unknown) | undefined;
process.on("message", (task: Task) => {
  void carryOut(task).then((answer) => process.send?.({ answer: answer ?? null }));
});

async function carryOut(task: Task): Promise<unknown> {
  switch (task.kind) {
    case "send":
      return send(task.load);
    case "listen":
      stop = await listen(task.listening);
      return undefined;
    case "stop":
      return stop?.();
  }
}
