import { StoreFailure } from "../../store/errors.ts";
import { read } from "../ask.ts";
import type { HttpDeps } from "../deps.ts";
import { HttpProblem } from "../problem.ts";
import { type Route, reply, route } from "../route.ts";
import * as schema from "../schemas/events.ts";

/** Facts that outlive the hub, for those who were away while they became true. */
export function eventRoutes(deps: HttpDeps): readonly Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/events/history",
      pagedBy: "after",
      tag: "Operations",
      summary: "Durable facts, oldest first; each once, none passed over",
      access: "viewer",
      query: schema.eventHistoryQuery,
      answers: { 200: schema.eventHistory },
      problems: [410],
      handle: async ({ query: { after, limit } }) => {
        const work = deps.store.outbox.after(after, limit).catch(explainGone);
        const kept = await read(deps, "the events", work);
        const events = kept.map(({ id, at, subject, kind, payload }) => {
          return { id, at, subject, event: { kind, ...payload } };
        });
        const next = events.length < limit ? null : (events.at(-1)?.id ?? null);
        return reply(200, { events, next });
      },
    }),
  ];
}

function explainGone(error: unknown): never {
  if (error instanceof StoreFailure && error.reason === "event-gone") {
    throw new HttpProblem(410, "That event is not kept any more: begin anew, with after=0.");
  }
  throw error;
}
