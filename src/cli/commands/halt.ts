import type { Command } from "commander";
import { haltState } from "../../http/schemas/trading.ts";
import type { Session } from "../session.ts";

/** `hub halt` and `hub resume`: the switch between buying and not buying. */
export function addHalt(program: Command, session: Session): void {
  program
    .command("halt [reason...]")
    .description("stop all buying until resumed; holds across restarts")
    .action(async (words: readonly string[], _options: object, command: Command) => {
      const order = words.length === 0 ? {} : { reason: words.join(" ") };
      const answer = await session.hub().post("/api/v1/halt", haltState, order);
      session.show(answer, command, ({ before }) =>
        before ? "trading was halted already" : "trading is halted",
      );
    });
  program
    .command("resume")
    .description("allow buying again")
    .action(async (_options: object, command: Command) => {
      const answer = await session.hub().post("/api/v1/resume", haltState, {});
      session.show(answer, command, ({ before }) =>
        before ? "trading is on again" : "trading was on already",
      );
    });
}
