import { randomUUID } from "node:crypto";
import express, { type Express, type Request, type RequestHandler, type Response } from "express";
import type { z } from "zod";
import type { Guard } from "./auth.ts";
import type { Once } from "./idempotency.ts";
import { type FieldFault, HttpProblem } from "./problem.ts";
import type { Route } from "./route.ts";
import { send } from "./send.ts";

const BODY_LIMIT = "64kb";
const parseJson = express.json({ limit: BODY_LIMIT, inflate: true });
const INBOUND_ID = /^[\w-]{8,64}$/;

const patterns = new WeakMap<Request, string>();
const ids = new WeakMap<Request, string>();

/** The pattern that serves a request: what metrics call it. */
export function patternOf(req: Request): string {
  return patterns.get(req) ?? "unmatched";
}

export function requestIdOf(req: Request): string {
  return ids.get(req) ?? "";
}

/** Gives each request an id: the asker's own if it is harmless, else a new one. */
export const giveId: RequestHandler = (req, res, next) => {
  const inbound = req.get("x-request-id") ?? "";
  const id = INBOUND_ID.test(inbound) ? inbound : randomUUID();
  ids.set(req, id);
  res.set("x-request-id", id);
  next();
};

/** Serves routes; another method on one of their paths is 405. */
export function mount(app: Express, routes: readonly Route[], guard: Guard, once: Once): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const group = routes.filter((route) => route.path === path);
    const allow = group.map(({ method }) => method.toUpperCase()).join(", ");
    const at = app.route(path);
    for (const route of group) at[route.method](handlerOf(route, guard, once));
    at.all((req) => {
      patterns.set(req, path);
      throw new HttpProblem(405, `This path takes ${allow}.`, { headers: { allow } });
    });
  }
}

function handlerOf(route: Route, guard: Guard, once: Once): RequestHandler {
  return async (req, res) => {
    patterns.set(req, route.path);
    const { who, token, until } = await guard.admit(req, route.access);
    const body = route.body === undefined ? undefined : await bodyOf(req, res);
    const reply = await once.handle(route, {
      who,
      token,
      until,
      req,
      res,
      params: checked(route.params, req.params, "path"),
      query: checked(route.query, req.query, "query"),
      body: checked(route.body, body, "body"),
    });
    if (reply !== null) send(req, res, route, reply);
  };
}

/** The JSON body; a request without one has an empty object. */
async function bodyOf(req: Request, res: Response): Promise<unknown> {
  await new Promise<void>((resolve, reject) => {
    parseJson(req, res, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(error as Error);
    });
  });
  const body: unknown = req.body;
  const length = req.get("content-length");
  const isSent = (length !== undefined && length !== "0") || req.get("transfer-encoding");
  if (body === undefined && isSent) {
    throw new HttpProblem(415, "Send the body as application/json.");
  }
  return body ?? {};
}

function checked(schema: z.ZodType | undefined, value: unknown, where: FieldFault["in"]): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap((issue): FieldFault[] => {
    const fields = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [key]) : [[]];
    return fields.map((field) => ({
      in: where,
      pointer: [...issue.path, ...field].map((step) => `/${escaped(String(step))}`).join(""),
      detail: issue.message,
    }));
  });
  const first = errors[0];
  const detail = `${where}${first?.pointer ?? ""}: ${first?.detail ?? "is not valid"}`;
  throw new HttpProblem(400, detail, { errors: errors.slice(0, 20) });
}

function escaped(step: string): string {
  return step.slice(0, 100).replaceAll("~", "~0").replaceAll("/", "~1");
}
