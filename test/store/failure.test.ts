import { describe, expect, test } from "vitest";
import { failureFrom } from "../../src/store/failure.ts";

const said = (code: string, message = "said") =>
  failureFrom("hub_call", { code, hint: undefined, message });

describe("what a database said", () => {
  test.each([
    ["53100", "the disk is full"],
    ["53200", "memory is spent"],
    ["53300", "all connections are taken"],
    ["58030", "the disk is broken"],
    ["58P01", "a file of it is gone for the moment"],
    ["57P01", "it is being stopped"],
    ["57P02", "it fell, as with a panic over its log"],
    ["57P03", "it is starting"],
    ["57014", "it took too long"],
    ["08006", "the connection broke"],
    ["40001", "somebody else was faster"],
    ["40P01", "two waited for each other"],
    ["55P03", "somebody holds the lock"],
    ["25006", "it only reads: a replica, or a disk that was write-protected"],
    ["PGRST000", "the REST face has no connection"],
    ["PGRST002", "the REST face has not read the schema yet"],
    ["PGRST202", "the REST face does not know the function yet"],
    ["28P01", "the password is another one"],
    ["28000", "the login may not come in"],
    ["42501", "a right was taken away, or files were write-protected"],
    ["http-401", "the key is revoked"],
    ["http-403", "the key may not do this"],
    ["PGRST301", "the key cannot be read"],
    ["PGRST303", "the key has expired"],
  ])("is waited out: %s, %s", (code) => {
    expect(said(code)).toMatchObject({ fault: "offline", reason: code, retry: "later" });
  });

  test.each([
    ["23514", "a row breaks a rule"],
    ["23505", "a row is there already"],
    ["22023", "an argument makes no sense"],
    ["42883", "there is no such function"],
    ["42P01", "there is no such table"],
    ["3D000", "there is no such database"],
    ["XX001", "the data are damaged"],
    ["P0001", "a function raised it"],
  ])("is final: %s, %s", (code) => {
    expect(said(code)).toMatchObject({ fault: "refused", reason: code, retry: "never" });
  });

  test("is a refusal of the hub's own with the hint as its reason", () => {
    const failure = failureFrom("hub_decide", { code: "PT409", hint: "stale", message: "moved" });

    expect(failure).toMatchObject({
      fault: "refused",
      reason: "stale",
      message: "hub_decide: moved",
    });
  });
});
