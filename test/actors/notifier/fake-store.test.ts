import { describe } from "vitest";
import { FakeNotifications } from "../../kit/fake-notifications.ts";
import { ManualClock } from "../../kit/manual-clock.ts";
import { notificationPromises } from "../../store/contract/notifications.ts";

describe("notifications in memory, as tests have them", () => {
  const notifications = new FakeNotifications(new ManualClock());
  notificationPromises({ store: { notifications } });
});
