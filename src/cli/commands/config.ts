import type { Command } from "commander";
import { describeSettings, loadSettings } from "../../config/load.ts";
import type { Session } from "../session.ts";
import { table } from "../table.ts";

export function addConfig(program: Command, session: Session): void {
  program
    .command("config")
    .description("the effective settings and where each came from; secrets are hidden")
    .action((_options: object, command: Command) => {
      const rows = describeSettings(loadSettings(session.world.environment));
      session.show({ json: rows, value: rows }, command, (settings) =>
        table(
          [
            { title: "setting", of: (row) => row.key },
            { title: "environment", of: (row) => row.env },
            { title: "origin", of: (row) => row.origin },
            { title: "value", of: (row) => row.value },
          ],
          settings,
        ),
      );
    });
}
