import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bound, Frames, parsed } from "./kit/pg-frames.ts";

const int32 = (n: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(n);
  return bytes;
};
const message = (type: string, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
const startup = message("", Buffer.from("\0\x03\0\0user\0postgres\0\0", "latin1"));

describe("the messages of PostgreSQL's protocol", () => {
  test("are the same however the stream was cut", () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(bodies, fc.array(fc.nat({ max: 200 })), (all, cuts) => {
        const stream = Buffer.concat([
          startup,
          ...all.map((body) => message("D", Buffer.from(body))),
        ]);
        const places = [0, ...cuts.map((at) => at % stream.length), stream.length];
        const sorted = places.toSorted((a, b) => a - b);
        const frames = new Frames("client");
        const found = sorted.flatMap((to, i) =>
          frames.push(stream.subarray(sorted[i - 1] ?? 0, to)),
        );

        expect(Buffer.concat(found.map(({ bytes }) => bytes))).toEqual(stream);
        expect(found.map(({ type }) => type)).toEqual(["", ...all.map(() => "D")]);
        expect(found.slice(1).map(({ body }) => new Uint8Array(body))).toEqual(all);
      }),
    );
  });

  test("tell what is prepared, and with which values it is run", () => {
    const prepare = Buffer.from('claim/0\0select public."hub_queue_claim"()\0\0\0', "latin1");
    const value = Buffer.from('{"p_n":20}');
    const run = Buffer.concat([
      Buffer.from("\0claim/0\0\0\x01\0\0\0\x01", "latin1"),
      int32(value.length),
      value,
    ]);

    expect(parsed(prepare)).toEqual({ name: "claim/0", text: 'select public."hub_queue_claim"()' });
    expect(bound(run)).toEqual({ name: "claim/0", values: ['{"p_n":20}'] });
  });
});
