import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { Store } from "../../../src/store/port.ts";
import type { KeyedRequest } from "../../../src/store/request-port.ts";

export function requestPromises(opened: { readonly store: Store }): void {
  const ASKED = "ab".repeat(32);
  const attempt = (key: string, changes: Partial<KeyedRequest> = {}): KeyedRequest => ({
    asker: "0123456789ab",
    route: "POST /api/v1/watchlist",
    key,
    claim: randomUUID(),
    ...changes,
  });

  test("are carried out by one of all that come with their key", async () => {
    const { requests } = opened.store;

    const standings = await Promise.all(
      Array.from({ length: 8 }, () => requests.begin(attempt("race"), ASKED)),
    );

    expect(standings.map(({ kind }) => kind).toSorted()).toEqual([
      ...Array.from({ length: 7 }, () => "busy"),
      "new",
    ]);
  });

  test("say again what was answered, to the letter", async () => {
    const { requests } = opened.store;
    const first = attempt("once");
    const answer = '{"b":1.50,"a":"\\u0000 \\"x\\""}';
    await requests.begin(first, ASKED);

    await requests.end(first, answer);
    await requests.end(first, "another");
    await requests.drop(first);

    const again = { kind: "answered", answer };
    expect(await requests.begin(attempt("once"), ASKED)).toEqual(again);
    expect(await requests.begin(first, ASKED)).toEqual(again);
  });

  test("may be begun again by the same attempt, as after a lost answer", async () => {
    const { requests } = opened.store;
    const first = attempt("lost");

    await requests.begin(first, ASKED);

    expect(await requests.begin(first, ASKED)).toEqual({ kind: "new" });
  });

  test("keep their key from asking for something else", async () => {
    const { requests } = opened.store;
    const first = attempt("other");
    await requests.begin(first, ASKED);
    const other = "cd".repeat(32);

    expect(await requests.begin(attempt("other"), other)).toEqual({ kind: "other" });
    await requests.end(first, "{}");
    expect(await requests.begin(attempt("other"), other)).toEqual({ kind: "other" });
  });

  test("are each asker's own, on one route", async () => {
    const { requests } = opened.store;
    await requests.begin(attempt("mine"), ASKED);

    for (const changes of [{ asker: "ba9876543210" }, { route: "POST /api/v1/halt" }]) {
      expect(await requests.begin(attempt("mine", changes), ASKED)).toEqual({ kind: "new" });
    }
  });

  test("are forgotten when they came to nothing, by whoever began them alone", async () => {
    const { requests } = opened.store;
    const first = attempt("nothing");
    await requests.begin(first, ASKED);

    await requests.drop(attempt("nothing"));
    expect(await requests.begin(attempt("nothing"), ASKED)).toEqual({ kind: "busy" });
    await requests.drop(first);
    expect(await requests.begin(attempt("nothing"), ASKED)).toEqual({ kind: "new" });
  });
}
