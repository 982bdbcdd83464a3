import pg from "pg";
import { expect, test } from "vitest";
import { readFailure } from "../../../src/store/pg/read-failure.ts";

test.each([
  ["FATAL", "XX000", "offline"], // a pooler without a free connection says it so
  ["PANIC", "53100", "offline"],
  ["FATAL", "3D000", "refused"],
  ["ERROR", "XX000", "refused"],
])(
  "an error of severity %s with the code %s means that the database %s",
  (severity, code, fault) => {
    const error = new pg.DatabaseError("said", 4, "error");

    const failure = readFailure("hub_call", Object.assign(error, { severity, code }));

    expect(failure).toMatchObject({ fault, reason: code });
  },
);
