import { StoreFailure } from "../errors.ts";
import type { Database } from "../port.ts";

/**
 * The same database, whose calls in vain say why the server is down: from here one knows more than
 * that nobody answers.
 */
export function explained(database: Database, cause: () => string | undefined): Database {
  return {
    async call(fn, args, options) {
      try {
        return await database.call(fn, args, options);
      } catch (thrown) {
        const known = cause();
        if (!(thrown instanceof StoreFailure) || thrown.fault !== "offline") throw thrown;
        if (known === undefined) throw thrown;
        throw new StoreFailure("offline", thrown.reason, known, thrown);
      }
    },
    health() {
      const health = database.health();
      return health.state === "ok" ? health : { ...health, reason: cause() ?? health.reason };
    },
    pool: database.pool,
    close: () => database.close(),
  };
}
