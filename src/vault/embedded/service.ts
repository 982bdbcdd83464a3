import { createHash, timingSafeEqual } from "node:crypto";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { Secret } from "../../runtime/secret.ts";
import { type Answer, type Clerk, refusal } from "./clerk.ts";

/** A vault that serves on loopback. */
export interface VaultService {
  readonly url: string;
  close(): Promise<void>;
}

/** Far more than any credential or list of strategies. */
const LONGEST_BODY_BYTES = 4 * 1024 * 1024;

/** Serves the vault's API on a free port of loopback to whoever has the token. */
export async function serveVault(
  clerk: Clerk,
  token: Secret,
  nowMs: () => number,
): Promise<VaultService> {
  const server = createServer((request, response) => {
    answer(clerk, token, nowMs, request)
      .catch((): Answer => refusal(500, "The vault failed"))
      .then((said) => write(response, said))
      .catch(() => response.destroy());
  });
  await new Promise<void>((ready, failed) => {
    server.once("error", failed);
    server.listen(0, "127.0.0.1", ready);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => closeServer(server) };
}

/** A page where the API has none, as the web framework of the original writes it. */
type Said = Answer | { readonly status: 200 | 405; readonly allow: string };

async function answer(
  clerk: Clerk,
  token: Secret,
  nowMs: () => number,
  request: IncomingMessage,
): Promise<Said> {
  const url = new URL(request.url ?? "/", "http://vault");
  const route = routeOf(clerk, url);
  const { method = "GET" } = request;
  if (method === "OPTIONS" && (route !== undefined || url.pathname === HEALTH)) {
    return { status: 200, allow: allowedOn(route) };
  }
  if (url.pathname === HEALTH) {
    return method === "GET" || method === "HEAD"
      ? health(nowMs())
      : notAllowed("GET, HEAD, OPTIONS");
  }
  if (route === undefined) {
    return method === "GET"
      ? { status: 404, body: { error: "Not found" } }
      : notAllowed("GET, HEAD");
  }
  if (method === "GET" && route.get !== undefined) {
    return isAllowed(request.headers, token) ? route.get() : STRANGER;
  }
  if (method === "POST" && route.post !== undefined) {
    if (!isAllowed(request.headers, token)) return STRANGER;
    const body = await readBody(request);
    return "refused" in body
      ? body.refused === "empty"
        ? EMPTY
        : route.unread
      : route.post(body.fields);
  }
  return notAllowed(allowedOn(route));
}

function allowedOn(route: Route | undefined): string {
  if (route?.post === undefined) return "GET, HEAD, OPTIONS";
  return route.get === undefined ? "POST, OPTIONS" : "POST, GET, HEAD, OPTIONS";
}

interface Route {
  readonly get?: () => Promise<Answer>;
  readonly post?: (fields: { readonly [key: string]: unknown }) => Promise<Answer>;
  /** The answer to a body that is no JSON object. */
  readonly unread: Answer;
}

function routeOf(clerk: Clerk, url: URL): Route | undefined {
  const [, api, vault, kind, name, ...rest] = url.pathname.split("/");
  if (api !== "api" || vault !== "vault" || rest.length > 0) return undefined;
  const decoded = name === undefined || name === "" ? undefined : decodeURIComponent(name);
  if (kind === "configs" && decoded !== undefined) {
    return {
      get: () => clerk.configs(decoded),
      post: (fields) => clerk.putConfig(decoded, fields),
      unread: refusal(500, "Failed to store config"),
    };
  }
  if (kind === "credentials" && name === undefined) {
    return {
      post: (fields) => clerk.putCredential(fields),
      unread: refusal(500, "Failed to store credential"),
    };
  }
  if (kind === "credentials" && decoded !== undefined && !decoded.includes("/")) {
    return { get: () => clerk.credential(decoded), unread: refusal(500, "unused") };
  }
  if (kind === "system-files" && name === undefined) {
    return {
      get: () => clerk.systemFile(url.searchParams.get("storage_path")),
      post: (fields) => clerk.putSystemFile(fields),
      unread: refusal(500, "Failed to upsert system file"),
    };
  }
  return undefined;
}

const HEALTH = "/api/vault/health";
const STRANGER = refusal(401, "Invalid service token");
const EMPTY = refusal(400, "Request body required");

function health(nowMs: number): Answer {
  const components = { supabase: "connected", store: "connected", service_api: "enabled" };
  const timestamp = `${new Date(nowMs).toISOString().slice(0, -1)}000`;
  const about = { service: "vvault", version: "1.0.0", message: "VVAULT service API" };
  return { status: 200, body: { status: "ok", ...about, timestamp, components } };
}

function notAllowed(allow: string): Said {
  return { status: 405, allow };
}

/** The scheme words are case-sensitive with one space; the other header counts only without them. */
function isAllowed(headers: IncomingHttpHeaders, token: Secret): boolean {
  const [, given] = /^(?:Bearer|ServiceToken) (.*)$/.exec(headers.authorization ?? "") ?? [];
  const presented = given ?? headers["x-service-token"];
  if (typeof presented !== "string") return false;
  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(presented), token.use(hash));
}

async function readBody(
  request: IncomingMessage,
): Promise<
  | { readonly fields: { readonly [key: string]: unknown } }
  | { readonly refused: "empty" | "unreadable" }
> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LONGEST_BODY_BYTES) return { refused: "unreadable" };
    chunks.push(chunk);
  }
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
    return { refused: "unreadable" };
  }
  try {
    const parsed: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    if (parsed === null || (typeof parsed === "object" && Object.keys(parsed).length === 0)) {
      return { refused: "empty" };
    }
    if (typeof parsed !== "object" || Array.isArray(parsed)) return { refused: "unreadable" };
    return { fields: parsed as { readonly [key: string]: unknown } };
  } catch {
    return { refused: "unreadable" };
  }
}

function write(response: ServerResponse, said: Said): void {
  if ("allow" in said) {
    const headers = { "content-type": "text/html; charset=utf-8", allow: said.allow };
    const page = said.status === 405 ? "<!doctype html><title>405 Method Not Allowed</title>" : "";
    response.writeHead(said.status, headers).end(page);
    return;
  }
  const headers = { "content-type": "application/json", "cache-control": "no-store" };
  response.writeHead(said.status, headers).end(JSON.stringify(said.body));
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => server.close(() => done()));
}
