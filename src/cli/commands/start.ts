import type { Command } from "commander";
import type { Session } from "../session.ts";

export function addStart(program: Command, { world }: Session, end: (code: number) => void): void {
  program
    .command("start")
    .description("run the hub in this terminal until Ctrl-C")
    .action(async () => {
      end(await world.startHub(world.environment));
    });
}
