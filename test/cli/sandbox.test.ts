import { describe, expect, test } from "vitest";
import { hub } from "./fake-hub.ts";

describe("hub sandbox", () => {
  test("serves the made-up exchange until it is stopped", async () => {
    let stop = (): void => {};
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const printed: string[] = [];

    const running = hub(
      ["sandbox"],
      {},
      {
        untilStopped: () => stopped,
        onPrint: (line) => printed.push(line),
      },
    );
    await expect.poll(() => printed.length).toBe(1);
    const url = /http:\/\/\S+$/.exec(printed[0] ?? "")?.[0] ?? "";
    const answer = await fetch(`${url}/api/v3/time`);

    expect(await answer.json()).toHaveProperty("serverTime");
    stop();
    expect(await running).toMatchObject({ exitCode: 0, err: "" });
    await expect(fetch(`${url}/api/v3/time`)).rejects.toThrow("fetch failed");
  });

  test("refuses a recorded market that is not there", async () => {
    const { exitCode, err } = await hub(["sandbox"], { HUB_REPLAY_DIR: "/no/such/folder" });

    expect(exitCode).toBe(1);
    expect(err.split("\n")).toHaveLength(1);
  });
});
