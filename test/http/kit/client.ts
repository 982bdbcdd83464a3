import { request } from "node:http";
import type { Express } from "express";
import { expect } from "vitest";
import { routesOf } from "../../../src/http/app.ts";
import { problem } from "../../../src/http/schemas/common.ts";
import { meantUrl } from "../../../src/http/spelling.ts";

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

/** Sends a path exactly as it is written: fetch would tidy it up. */
export function send(url: string, path: string, ask: Ask = {}): Promise<Answer> {
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

/** Fails unless an answer is one that the app's own schemas allow for that path and method. */
export function expectDeclared(app: Express, method: string, path: string, answer: Answer): void {
  const type = String(answer.headers["content-type"]);
  if (type.startsWith("application/problem+json")) {
    expect(problem.loose().safeParse(answer.json).error?.issues ?? []).toEqual([]);
    return;
  }
  const clean = meantUrl(path).split("?")[0] ?? "";
  const route = routesOf(app).find(
    (one) =>
      one.method === method.toLowerCase() &&
      new RegExp(`^${one.path.replaceAll(/:\w+/g, "[^/]+")}/?$`).test(clean),
  );
  const schema = route?.answers[answer.status];
  expect(schema, `${method} ${path} answers ${answer.status}, which is not declared`).toBeDefined();
  const value = route?.produces === undefined ? answer.json : answer.text;
  expect(schema?.safeParse(value).error?.issues ?? []).toEqual([]);
}
