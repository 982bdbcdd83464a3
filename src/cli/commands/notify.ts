import type { Command } from "commander";
import { channelTests, notifications } from "../../http/schemas/notifications.ts";
import { rowLimit } from "../options.ts";
import type { Session } from "../session.ts";
import { table } from "../table.ts";

/** `hub notify`: what people are told outside of the hub. */
export function addNotify(program: Command, session: Session): void {
  const notify = program.command("notify").description("what people are told outside of the hub");
  notify
    .command("list")
    .description("what was told, or will be, newest first")
    .option("--limit <n>", "how many", rowLimit, 20)
    .action(async ({ limit }: { limit: number }, command: Command) => {
      const path = `/api/v1/notifications?limit=${limit}`;
      const answer = await session.hub().get(path, notifications);
      session.show(answer, command, (value) =>
        table(
          [
            { title: "at", of: ({ at }) => new Date(at).toISOString() },
            { title: "channel", of: ({ channel }) => channel },
            { title: "severity", of: ({ severity }) => severity },
            {
              title: "state",
              of: ({ state, error }) => (error === null ? state : `${state}: ${error}`),
            },
            { title: "told", of: ({ body }) => body.split("\n")[0] ?? "" },
          ],
          value.notifications,
        ),
      );
    });
  notify
    .command("test")
    .description("send a message through every channel, and say which took it")
    .action(async (_options: object, command: Command) => {
      const answer = await session.hub().post("/api/v1/notifications/test", channelTests, {});
      session.show(answer, command, ({ channels }) =>
        channels.length === 0
          ? "no channel is set up: see docs/notifications.md"
          : channels.map((one) => `${one.channel}: ${one.reason ?? "taken"}`).join("\n"),
      );
    });
}
