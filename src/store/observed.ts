import type { Clock } from "../runtime/clock.ts";
import { StoreFailure } from "./errors.ts";
import type { Database } from "./port.ts";

/** How one call of a database function went. */
export interface ObservedCall {
  readonly operation: string;
  readonly outcome: "ok" | "offline" | "refused";
  readonly durationMs: number;
}

/** The same database, telling how long each call took and how it ended. */
export function observed(
  database: Database,
  clock: Clock,
  onCall: (call: ObservedCall) => void,
): Database {
  return {
    async call(fn, args, options) {
      const startedAt = clock.monotonicMs();
      const tell = (outcome: ObservedCall["outcome"]): void => {
        onCall({ operation: fn, outcome, durationMs: clock.monotonicMs() - startedAt });
      };
      try {
        const answer = await database.call(fn, args, options);
        tell("ok");
        return answer;
      } catch (error) {
        tell(error instanceof StoreFailure ? error.fault : "refused");
        throw error;
      }
    },
    pool: database.pool,
    health: () => database.health(),
    close: () => database.close(),
  };
}
