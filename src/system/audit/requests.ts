import type { AuditedHub } from "./hub-process.ts";
import type { Site } from "./site.ts";

/** Tokens that requests carry. */
export interface Tokens {
  /** The operator's own. */
  readonly right: string;
  /** One that the hub does not know. */
  readonly wrong: string;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const LIMIT_MS = 10_000;
const STREAM = "/api/v1/events";

/** Asks every path that the hub describes, with and without tokens, in the right and in wrong places. */
export async function askEverything(site: Site, hub: AuditedHub, tokens: Tokens): Promise<void> {
  const { paths } = (await (await fetch(`${hub.url}/openapi.json`)).json()) as Description;
  let asked = 0;
  for (const [pattern, methods] of Object.entries(paths)) {
    const path = pattern.replaceAll(/\{(\w+)\}/g, "nobody");
    for (const method of Object.keys(methods)) {
      await Promise.all(
        waysToAsk(tokens).map((way) => ask(site, hub.url, method.toUpperCase(), path, way)),
      );
      asked += waysToAsk(tokens).length;
    }
  }
  site.did(`${asked} requests on ${Object.keys(paths).length} paths, with tokens in every place`);
}

interface Way {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query?: string;
}

function waysToAsk({ right, wrong }: Tokens): readonly Way[] {
  const inQuery = (token: string): string =>
    ["token", "access_token", "apikey"].map((name) => `${name}=${token}`).join("&");
  return [
    { name: "no token", headers: {} },
    { name: "right token", headers: { authorization: `Bearer ${right}` } },
    { name: "wrong token", headers: { authorization: `Bearer ${wrong}` } },
    { name: "right token, Basic", headers: { authorization: `Basic ${btoa(`hub:${right}`)}` } },
    { name: "right token in the query", headers: {}, query: inQuery(right) },
    {
      name: "right token, and again in query and headers",
      headers: { authorization: `Bearer ${right}`, "x-api-key": right, cookie: `token=${right}` },
      query: inQuery(wrong),
    },
  ];
}

/** Sends one request and notes all of its answer. A body, where one goes, is empty JSON. */
async function ask(site: Site, url: string, method: string, path: string, way: Way): Promise<void> {
  const body = method === "GET" || method === "DELETE" ? {} : { body: "{}" };
  const headers = { ...way.headers, "content-type": "application/json", connection: "close" };
  const query = way.query === undefined ? "" : `?${way.query}`;
  const place = `${method} ${path} (${way.name})`;
  const channel = path === "/metrics" ? "metrics" : "http";
  // A stream has no end of its own.
  const signal = AbortSignal.timeout(path === STREAM ? 300 : LIMIT_MS);
  try {
    const answer = await fetch(url + path + query, { method, headers, signal, ...body });
    site.see(channel, place, `${answer.status} ${JSON.stringify([...answer.headers])}\n`);
    site.see(channel, place, await answer.text());
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Notes the event stream for as long as it runs; a hub that ends ends it. */
export async function listenTo(site: Site, hub: AuditedHub, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  try {
    const { body } = await fetch(hub.url + STREAM, { headers });
    for await (const piece of body ?? []) site.see("events", STREAM, Buffer.from(piece));
  } catch {
    // A hub that was killed says no farewell.
  }
}

/** What the hub answers an operator, read as JSON and noted; undefined for any but a good answer. */
export async function askAs<Body>(
  site: Site,
  hub: AuditedHub,
  token: string,
  path: string,
  method: "GET" | "POST" = "GET",
): Promise<Body | undefined> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const body = method === "POST" ? { body: JSON.stringify({ reason: "audit" }) } : {};
  const answer = await fetch(hub.url + path, { method, headers, ...body });
  const text = await answer.text();
  site.see("http", `${method} ${path}`, text);
  return answer.ok ? (JSON.parse(text) as Body) : undefined;
}
