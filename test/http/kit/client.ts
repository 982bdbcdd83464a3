import { request } from "node:http";
import { isDeepStrictEqual } from "node:util";
import type { Express } from "express";
import { expect } from "vitest";
import type { z } from "zod";
import { routesOf } from "../../../src/http/app.ts";
import { describeRoutes } from "../../../src/http/openapi.ts";
import type { Route } from "../../../src/http/route.ts";
import { problem } from "../../../src/http/schemas/common.ts";
import { meantUrl } from "../../../src/http/spelling.ts";
import type { Document } from "./sample.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly json: unknown;
}

export interface Ask {
  readonly method?: string;
  readonly token?: string;
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a path exactly as it is written, and fails on an answer that its app does not declare. */
export async function send(url: string, path: string, ask: Ask = {}): Promise<Answer> {
  const answer = await exchange(url, path, ask);
  const { method = "GET" } = ask;
  const app = known.get(new URL(url).port);
  const isCall = ["GET", "POST", "DELETE"].includes(method);
  if (app !== undefined && isCall) expectDeclared(app, method, path, answer);
  return answer;
}

/** Fetch would tidy the path up. */
function exchange(url: string, path: string, ask: Ask): Promise<Answer> {
  const body = ask.raw ?? (ask.body === undefined ? undefined : JSON.stringify(ask.body));
  const { hostname, port } = new URL(url);
  const headers = {
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...(ask.token === undefined ? {} : { authorization: `Bearer ${ask.token}` }),
    ...ask.headers,
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { hostname, port, path, method: ask.method ?? "GET", headers, agent: false },
      (res) => {
        let text = "";
        res.setEncoding("utf8");
        res.on("data", (chunk: string) => (text += chunk));
        res.on("end", () => {
          resolve({ status: res.statusCode ?? 0, headers: res.headers, text, json: parsed(text) });
        });
        res.on("error", reject);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What the app at an address promises, by the address's port: every answer of it is held to that. */
const known = new Map<string, Express>();

/** From now on each answer of the app at that address is checked against what it declares. */
export function holdToItsWord(url: string, app: Express): void {
  known.set(new URL(url).port, app);
}

/** Fails unless an answer is one that the app's own schemas allow for that path and method. */
export function expectDeclared(app: Express, method: string, path: string, answer: Answer): void {
  const faults = undeclared(app, method, path, answer);
  expect([method, path, answer.status, faults]).toEqual([method, path, answer.status, []]);
}

/** What of an answer its route does not declare: its status, a field too much, a wrong type. */
function undeclared(
  app: Express,
  method: string,
  path: string,
  answer: Answer,
): readonly unknown[] {
  const { status, headers } = answer;
  const clean = meantUrl(path).split("?")[0] ?? "";
  const route = routesOf(app).find(
    (one) =>
      one.method === method.toLowerCase() &&
      new RegExp(`^${one.path.replaceAll(/:\w+/g, "[^/]+")}/?$`).test(clean),
  );
  if (String(headers["content-type"]).startsWith("application/problem+json")) {
    const elsewhere = route === undefined || status === 404 || status === 405;
    const described = elsewhere || statusesOf(route).includes(status);
    return [
      ...faultsOf(problem.loose(), answer.json),
      ...(described ? [] : [`a problem of status ${status}`]),
    ];
  }
  if (status === 304 && route?.tagged === true) return [];
  const schema = route?.answers[status];
  if (schema === undefined) return [`status ${status}`];
  return faultsOf(schema, route?.produces === undefined ? answer.json : answer.text);
}

/** A schema lets pass what it does not name, and leaves it out: what it kept must be all there was. */
function faultsOf(schema: z.ZodType, value: unknown): readonly unknown[] {
  const { data, error } = schema.safeParse(value);
  if (error !== undefined) return error.issues;
  return isDeepStrictEqual(data, value) ? [] : ["a field that is not declared"];
}

function statusesOf(route: Route): readonly number[] {
  const { paths } = describeRoutes([route], "") as Document;
  const [operations = {}] = Object.values(paths);
  return Object.keys(operations[route.method]?.responses ?? {}).map(Number);
}
