import { expect, test } from "vitest";
import { StoreFailure } from "../../src/store/errors.ts";
import { opening } from "../../src/store/opening.ts";

test.each([
  ["28P01", "refused", "the login of DATABASE_URL is not accepted (it said so)"],
  ["42501", "refused", "the login of DATABASE_URL may not do what the hub needs (it said so)"],
  ["3D000", "refused", "the database that DATABASE_URL names cannot be used (it said so)"],
  ["ECONNREFUSED", "offline", "the server that DATABASE_URL names cannot be reached (it said so)"],
  ["57P03", "offline", "the server that DATABASE_URL names cannot be reached (it said so)"],
  ...["SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "CERT_HAS_EXPIRED"].map(
    (reason) =>
      [
        reason,
        "offline",
        "the certificate of the server that DATABASE_URL names is not trusted (it said so)",
      ] as const,
  ),
] as const)(
  "what is wrong with the way is said of its setting: %s",
  async (reason, fault, line) => {
    const failed = opening("DATABASE_URL", () =>
      Promise.reject(new StoreFailure(fault, reason, "migrate: it said so")),
    );

    await expect(failed).rejects.toMatchObject({ fault, reason, message: line });
  },
);

test("what is no failure of the database passes as it is", async () => {
  const bug = new TypeError("undefined is not a function");

  await expect(opening("SUPABASE_URL", () => Promise.reject(bug))).rejects.toBe(bug);
});
