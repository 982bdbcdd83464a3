import type { Database } from "../port.ts";
import type { QueueItem, TradeStore } from "../trade-port.ts";
import { requestOf } from "./orders.ts";
import { fenceArgs, listOf, numberIn, rowOf, textIn, wordIn } from "./parse.ts";

export type QueueStore = Pick<TradeStore, "claim" | "finish" | "queue">;

export function queueStore(database: Database): QueueStore {
  return {
    async claim(worker, n, visibilityMs, fence) {
      const wish = { p_worker: worker, p_n: n, p_visibility_ms: Math.ceil(visibilityMs) };
      const args = { ...wish, ...fenceArgs(fence) };
      return listOf(await database.call("hub_queue_claim", args), queueItemOf);
    },

    async finish(item, worker) {
      // The attempt is part of the proof: a late worker must not end another's claim.
      const args = { p_id: item.id, p_worker: worker, p_attempt: item.attempts };
      await database.call("hub_queue_finish", args);
    },

    async queue(limit, before) {
      const args = { p_limit: limit, p_before: before };
      return listOf(await database.call("hub_queue_list", args), queueItemOf);
    },
  };
}

export function queueItemOf(value: unknown): QueueItem {
  const row = rowOf(value);
  return {
    id: numberIn(row, "id"),
    signalId: textIn(row, "signalId"),
    order: requestOf(rowOf(row["order"])),
    attempts: numberIn(row, "attempts"),
    enqueuedAt: numberIn(row, "enqueuedAt"),
    status: wordIn(row, "status", ["pending", "claimed", "done"]),
  };
}
