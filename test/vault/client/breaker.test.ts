import { describe, expect, test } from "vitest";
import { Secret } from "../../../src/runtime/secret.ts";
import { createVaultClient } from "../../../src/vault/client/client.ts";
import { ManualClock } from "../../kit/manual-clock.ts";

const TOKEN = "service-token-of-the-test";

describe("a vault that does not answer", () => {
  test("is left alone for pauses that grow, and is asked by one caller after each", async () => {
    const clock = new ManualClock();
    const options = { url: "http://127.0.0.1:1", token: new Secret(TOKEN), random: () => 0 };
    const away = createVaultClient({ ...options, clock });
    const ask = async (): Promise<string> => {
      let reason = "";
      const asking = away.credential("K").catch((error: unknown) => (reason = String(error)));
      for (let i = 0; i < 20 && reason === ""; i += 1) {
        await new Promise((next) => setImmediate(next));
        await clock.advance(800);
      }
      await asking;
      return reason;
    };

    const first = await ask();
    const second = await ask();

    expect(first).toMatch(/ECONNREFUSED/);
    expect(second).toMatch(/not asked/);
    await clock.advance(60_000);
    // One may try, once, and is refused by the network again.
    expect(await ask()).toMatch(/ECONNREFUSED/);
    expect(await ask()).toMatch(/not asked/);
    await away.close();
  });
});
