import { read } from "../ask.ts";
import type { HttpDeps } from "../deps.ts";
import { type Route, reply, route } from "../route.ts";
import { nextOf } from "../schemas/common.ts";
import * as schema from "../schemas/signals.ts";
import { wholeSeries } from "./candles.ts";

export function signalRoutes(deps: HttpDeps): readonly Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/signals",
      pagedBy: "cursor",
      tag: "Trading",
      summary: "Signals, newest first, each with its verdict and every check",
      access: "viewer",
      query: schema.signalQuery,
      answers: { 200: schema.signals },
      handle: async ({ query: { decision, limit, cursor, ...filter } }) => {
        const series = wholeSeries(filter);
        const work = deps.store.trade.signals({
          limit,
          ...(cursor === undefined ? {} : { beforeSeq: cursor }),
          ...(series === undefined ? {} : { series }),
          ...(decision === undefined ? {} : { decision }),
        });
        const rows = await read(deps, "the signals", work);
        const signals = rows.map(({ seq, signal, verdict }) => ({ ...signal, seq, verdict }));
        return reply(200, { signals, next: nextOf(rows, limit, ({ seq }) => seq) });
      },
    }),
  ];
}
