import fc from "fast-check";
import { type Operation, sampleOf } from "../kit/sample.ts";
import { hostileBody, hostileHeader, hostilePart, hostileType, hostileValue } from "./hostile.ts";
import type { WireRequest } from "./wire.ts";

/** One operation of a document. */
export interface Target {
  readonly method: string;
  readonly pattern: string;
  readonly operation: Operation;
}

/** Requests to one operation: each part of them either as the document wants it, or hostile. */
export function requestsTo(
  target: Target,
  tokens: readonly (string | undefined)[],
): fc.Arbitrary<WireRequest> {
  return fc
    .record({
      path: pathTo(target),
      query: queryOf(target.operation),
      sent: bodyOf(target.operation),
      token: fc.constantFrom(...tokens),
      extra: fc.array(hostileHeader, { maxLength: 2 }),
      spelling: fc.constantFrom("", "", "", "/", "/api", "//"),
    })
    .map(({ path, query, sent, token, extra, spelling }) => ({
      method: target.method,
      target: `${spelling}${path}${query}`,
      headers: [
        ...(token === undefined ? [] : [["authorization", `Bearer ${token}`] as const]),
        ...(sent?.headers ?? []),
        ...extra,
      ],
      body: sent?.body,
    }));
}

function pathTo({ pattern, operation }: Target): fc.Arbitrary<string> {
  const { parameters = [] } = operation;
  const parts = parameters
    .filter((parameter) => parameter.in === "path")
    .map(({ name, schema }) => {
      const valid = fc.constant(encodeURIComponent(String(sampleOf(schema, name))));
      return fc.oneof(valid, hostilePart).map((value) => [name, value] as const);
    });
  return fc
    .tuple(...parts)
    .map((values) =>
      values.reduce((path, [name, value]) => path.replace(`{${name}}`, () => value), pattern),
    );
}

/** Mostly as the document wants it: what is refused at once reaches nothing behind the door. */
function queryOf({ parameters = [] }: Operation): fc.Arbitrary<string> {
  const named = parameters
    .filter((parameter) => parameter.in === "query")
    .map(({ name, schema, required = false }) => {
      const valid = fc.constant(`${name}=${encodeURIComponent(String(sampleOf(schema, name)))}`);
      return fc.oneof(
        { weight: 6, arbitrary: valid },
        { weight: required ? 1 : 6, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: hostilePart.map((value) => `${name}=${value}`) },
      );
    });
  const rarely = fc.oneof(
    { weight: 12, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: hostilePart.map((value) => `__proto__=${value}`) },
    { weight: 1, arbitrary: hostilePart },
  );
  return fc.tuple(fc.tuple(...named), rarely).map(([pairs, other]) => {
    const all = [...pairs, other].filter((pair) => pair !== undefined);
    return all.length === 0 ? "" : `?${all.join("&")}`;
  });
}

interface Sent {
  readonly body: Buffer;
  readonly headers: readonly (readonly [string, string])[];
}

/** The body that is wanted, one with hostile values in it, or no such thing at all. */
function bodyOf({ requestBody }: Operation): fc.Arbitrary<Sent | undefined> {
  const schema = requestBody?.content["application/json"]?.schema;
  const junk = fc.tuple(hostileBody, hostileType).map(([{ body, encoding }, type]) => ({
    body,
    headers: [
      ["content-type", type] as const,
      ...(encoding === undefined ? [] : [["content-encoding", encoding] as const]),
    ],
  }));
  if (schema === undefined) return fc.option(junk, { nil: undefined, freq: 1 });
  const valid = sampleOf(schema) as Record<string, unknown>;
  const keys = Object.keys(schema.properties ?? {});
  const bent = fc
    .tuple(fc.constantFrom("extra", ...keys), hostileValue)
    .map(([key, value]) => ({ ...valid, [key]: value }));
  const json = fc.oneof(fc.constant(valid), bent, hostileValue).map((value) => ({
    body: Buffer.from(JSON.stringify(value) ?? ""),
    headers: [["content-type", "application/json"] as const],
  }));
  return fc.oneof(json, json, junk);
}
