import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { sql as sqlOn } from "../../kit/sql.ts";
import { withStore } from "../../kit/store.ts";

const opened = withStore();
const ASKED = "ab".repeat(32);
const attempt = (key: string) => ({ asker: "a", route: "r", key, claim: randomUUID() });
/** Makes requests older; the database's clock is nobody's to move. */
const age = (key: string, by: string) =>
  sqlOn(
    { socketDir: opened.server.socketDir },
    "update hub.requests set claimed_at = claimed_at - $2::interval where key = $1",
    [key, by],
  );
const kept = async (): Promise<unknown> =>
  (
    await sqlOn({ socketDir: opened.server.socketDir }, "select key from hub.requests order by key")
  ).map(({ key }) => key);

describe("a request with a key", () => {
  test("is taken over a minute after it was begun, and then ended by the second alone", async () => {
    const { requests } = opened.store;
    const [first, second] = [attempt("dead"), attempt("dead")];
    await requests.begin(first, ASKED);
    await age("dead", "59 seconds");
    expect(await requests.begin(second, ASKED)).toEqual({ kind: "busy" });
    await age("dead", "1 second");

    expect(await requests.begin(second, ASKED)).toEqual({ kind: "new" });
    await requests.end(first, "first");
    expect(await requests.begin(attempt("dead"), ASKED)).toEqual({ kind: "busy" });
    await requests.end(second, "second");
    expect(await requests.begin(first, ASKED)).toEqual({ kind: "answered", answer: "second" });
  });

  test("is kept for a day, and goes when others come", async () => {
    const { requests } = opened.store;
    const first = attempt("old");
    await requests.begin(first, ASKED);
    await requests.end(first, "{}");
    await age("old", "23 hours 59 minutes");
    expect(await requests.begin(attempt("old"), ASKED)).toMatchObject({ kind: "answered" });
    await age("old", "1 minute");

    expect(await requests.begin(attempt("old"), "cd".repeat(32))).toEqual({ kind: "new" });
    await age("old", "25 hours");
    await requests.begin(attempt("young"), ASKED);
    expect(await kept()).not.toContain("old");
  });
});
