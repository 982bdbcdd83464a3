import type { Command } from "commander";
import type { z } from "zod";
import { actorNode } from "../../http/schemas/actors.ts";
import type { Session } from "../session.ts";
import { table } from "../table.ts";

type Node = z.output<typeof actorNode>;

export function addActors(program: Command, session: Session): void {
  program
    .command("actors")
    .description("the tree of actors: what runs, what was restarted, what is parked")
    .action(async (_options: object, command: Command) => {
      const answer = await session.hub().get("/api/v1/actors", actorNode);
      session.show(answer, command, (root) =>
        table(
          [
            { title: "actor", of: ({ depth, node }) => "  ".repeat(depth) + node.id },
            { title: "state", of: ({ node }) => node.state },
            { title: "restarts", of: ({ node }) => node.restarts },
            { title: "waiting", of: ({ node }) => node.mailboxDepth },
            { title: "process", of: ({ node }) => node.pid },
            { title: "last failure", of: ({ node }) => node.lastFailure },
          ],
          flattened(root),
        ),
      );
    });
}

/** Parents before their children, each with its depth. */
function flattened(
  node: Node,
  depth = 0,
): readonly { readonly depth: number; readonly node: Node }[] {
  return [{ depth, node }, ...node.children.flatMap((child) => flattened(child, depth + 1))];
}
