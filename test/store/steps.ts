import type { Step } from "../../src/store/upkeep-port.ts";

/** Takes steps while there is more; answers how many rows they removed. @throws when one is busy. */
export async function untilDone<Done>(step: () => Promise<Step<Done>>): Promise<number> {
  for (let rows = 0; ; ) {
    const taken = await step();
    if (taken.kind === "busy") throw new Error("somebody is in the way");
    if ("rows" in taken && typeof taken.rows === "number") rows += taken.rows;
    if (!taken.more) return rows;
  }
}
