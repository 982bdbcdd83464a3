import type { Database } from "../port.ts";
import type { KeyedRequest, RequestStore } from "../request-port.ts";
import { rowOf, textIn, wordIn } from "./parse.ts";

/** No request takes longer: whoever began one and did not end it by then is dead. */
const PATIENCE_MS = 60_000;

export function requestStore(database: Database): RequestStore {
  return {
    async begin(request, fingerprint) {
      const args = { p_fingerprint: fingerprint, p_patience_ms: PATIENCE_MS };
      const row = rowOf(await database.call("hub_request_begin", { ...argsOf(request), ...args }));
      const kind = wordIn(row, "state", ["new", "busy", "other", "answered"]);
      return kind === "answered" ? { kind, answer: textIn(row, "answer") } : { kind };
    },

    async end(request, answer) {
      await database.call("hub_request_end", { ...argsOf(request), p_answer: answer });
    },

    async drop(request) {
      await database.call("hub_request_end", argsOf(request));
    },
  };
}

function argsOf({ asker, route, key, claim }: KeyedRequest) {
  return { p_asker: asker, p_route: route, p_key: key, p_claim: claim };
}
