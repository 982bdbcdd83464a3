import { z } from "./zod.ts";

const shape = {
  id: z.string(),
  kind: z.enum(["actor", "supervisor"]),
  mode: z.enum(["in-memory", "forked"]).optional(),
  state: z.enum(["starting", "up", "backoff", "parked", "stopping", "stopped"]),
  restarts: z.int(),
  mailboxDepth: z.int(),
  lastFailure: z.string().optional(),
  pid: z.int().optional(),
};

type Node = z.infer<z.ZodObject<typeof shape>> & { readonly children: readonly Node[] };

/** The tree of actors. */
export const actorNode: z.ZodType<Node, Node> = z
  .object({ ...shape, children: z.lazy(() => z.array(actorNode).readonly()) })
  .openapi("ActorNode");
