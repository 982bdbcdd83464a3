import type { Database } from "./port.ts";

/**
 * Two ways to one database: candles, which are many, go over the direct connection; everything
 * else goes over the REST face.
 */
export function splitDatabase(rpc: Database, direct: Database): Database {
  return {
    call: (fn, args, options) =>
      (fn.startsWith("hub_candle") ? direct : rpc).call(fn, args, options),
    health: () => (direct.health().state === "ok" ? rpc.health() : direct.health()),
    pool: direct.pool,
    close: async () => {
      await Promise.all([rpc.close(), direct.close()]);
    },
  };
}
