import { OpenAPIRegistry, OpenApiGeneratorV31 } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { takesKey } from "./idempotency.ts";
import type { Route } from "./route.ts";
import { keyHeader, problem, replayedHeader } from "./schemas/common.ts";

const PROBLEMS: Readonly<Record<number, string>> = {
  400: "A field is malformed; `errors` names it",
  401: "No token, or an unknown one",
  403: "Not allowed",
  404: "There is no such thing",
  409: "Not possible in its present state",
  410: "Not kept any more",
  413: "The body is larger than 64 kB",
  415: "The body is not JSON",
  422: "Refused; `field` and `allowed` say why",
  429: "Too many requests",
  500: "The hub failed",
  503: "Something the hub needs is not there now",
};
/** Paths whose writes can be refused by the hub's own judgement. */
const REFUSING: readonly number[] = [404, 409, 422];

/** Describes the routes as OpenAPI 3.1, from the same schemas that check requests. */
export function describeRoutes(routes: readonly Route[], version: string): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });
  for (const route of routes) registry.registerPath(pathOf(route));
  return new OpenApiGeneratorV31(registry.definitions, {
    sortComponents: "alphabetically",
  }).generateDocument({
    openapi: "3.1.0",
    info: {
      title: "Oracle Trading Hub",
      version,
      description: "Chatty's Finance tab and the operators' API of the trading hub.",
    },
  });
}

type PathConfig = Parameters<OpenAPIRegistry["registerPath"]>[0];

function pathOf(route: Route): PathConfig {
  const { method, path, tag, summary, access, params, query, body } = route;
  const isGuarded = needsRole(access) || access === "scrape";
  return {
    method,
    path: path.replaceAll(/:(\w+)/g, "{$1}"),
    operationId: idOf(method, path),
    tags: [tag],
    summary,
    ...(isGuarded ? { security: [{ bearer: [leastRole(access)] }] } : {}),
    request: {
      ...(params instanceof z.ZodObject ? { params } : {}),
      ...(takesKey(route) ? { headers: keyHeader } : {}),
      ...(query instanceof z.ZodObject ? { query } : {}),
      ...(body === undefined
        ? {}
        : { body: { content: { "application/json": { schema: body } } } }),
    },
    responses: {
      ...problemsOf(route),
      ...(route.tagged === true ? { 304: { description: "Not changed since that `ETag`" } } : {}),
      ...successesOf(route),
    },
  };
}

/** What generated clients call an operation, e.g. `getV1WatchlistByPair`; the paths make them differ. */
function idOf(method: string, path: string): string {
  const words = path
    .replace(/^\/api\b/, "")
    .split(/[/.-]/)
    .filter((word) => word !== "");
  const named = words.map((word) => (word.startsWith(":") ? `by-${word.slice(1)}` : word));
  return [method, ...named]
    .join("-")
    .replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The role that an asker needs at least, where one is needed: from loopback none is to scrape. */
function leastRole(access: Route["access"]): string {
  return needsRole(access) ? access : "viewer";
}

function needsRole(access: Route["access"]): boolean {
  return access === "viewer" || access === "operator" || access === "admin";
}

function successesOf(route: Route): PathConfig["responses"] {
  const { answers, produces } = route;
  const headers = takesKey(route) ? { headers: replayedHeader } : {};
  const type = produces?.split(";")[0] ?? "application/json";
  return Object.fromEntries(
    Object.entries(answers).map(([status, schema]) => [
      status,
      {
        description: schema.description ?? "The answer",
        ...headers,
        content: { [type]: { schema } },
      },
    ]),
  );
}

function problemsOf(route: Route): PathConfig["responses"] {
  const { access, params, query, body, method, problems = [] } = route;
  const isGuarded = needsRole(access);
  const statuses = [
    ...((params ?? query ?? body) || takesKey(route) ? [400] : []),
    ...(isGuarded || access === "scrape" ? [401] : []),
    ...(access === "open" ? [] : [403]),
    ...(body === undefined ? [] : [413, 415]),
    ...(method === "get" ? [] : REFUSING),
    ...problems,
    429,
    500,
    ...(isGuarded ? [503] : []),
  ];
  const content = { "application/problem+json": { schema: problem } };
  return Object.fromEntries(
    statuses.map((status) => [status, { description: PROBLEMS[status] ?? "", content }]),
  );
}
