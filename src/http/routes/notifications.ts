import { answerOf, audit, read } from "../ask.ts";
import type { HttpDeps } from "../deps.ts";
import { type Route, reply, route } from "../route.ts";
import { nextOf } from "../schemas/common.ts";
import * as schema from "../schemas/notifications.ts";

/** A channel that does not answer is waited for. */
const TEST_LIMIT_MS = 45_000;

/** What people are told outside of the hub. */
export function notificationRoutes(deps: HttpDeps): readonly Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/notifications",
      pagedBy: "cursor",
      tag: "Operations",
      summary: "What people were told on which channel, newest first",
      access: "viewer",
      query: schema.notificationQuery,
      answers: { 200: schema.notifications },
      handle: async ({ query: { limit, cursor } }) => {
        const reading = deps.store.notifications.list(limit, cursor);
        const notifications = await read(deps, "notifications", reading);
        return reply(200, { notifications, next: nextOf(notifications, limit, ({ id }) => id) });
      },
    }),
    route({
      method: "post",
      path: "/api/v1/notifications/test",
      tag: "Operations",
      summary: "Send a message through every channel, and say which took it",
      access: "operator",
      answers: { 200: schema.channelTests },
      handle: async ({ who }) => {
        const { notifier } = deps;
        if (notifier === undefined) return reply(200, { channels: [] });
        await audit(deps, who, "notifications.test", {});
        const order = { by: who };
        const channels = await answerOf("The notifier", notifier, "test", order, TEST_LIMIT_MS);
        return reply(200, { channels });
      },
    }),
  ];
}
