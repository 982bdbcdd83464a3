import type { z } from "zod";
import { messageOf } from "../runtime/errors.ts";
import type { Address } from "./address.ts";
import { explainProblem } from "./problem.ts";
import { CliRefusal } from "./refusal.ts";

export type Query = Readonly<Record<string, string | number | undefined>>;

/** What the hub answered: as it came, and as its schema reads it. */
export interface Answer<T> {
  readonly json: unknown;
  readonly value: T;
}

/** Adding a pair waits for its history to be loaded; everything else is quick. */
const LIMIT_MS = 60_000;

/** Asks the running hub by its API. Every refusal becomes one line. */
export class HubClient {
  readonly #address: Address;

  constructor(address: Address) {
    this.#address = address;
  }

  async get<T>(path: string, schema: z.ZodType<T>, query: Query = {}): Promise<Answer<T>> {
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined) search.set(key, String(value));
    }
    const target = search.size === 0 ? path : `${path}?${search.toString()}`;
    return understood(await this.#ask("GET", target), schema);
  }

  async post<T>(path: string, schema: z.ZodType<T>, body: object): Promise<Answer<T>> {
    return understood(await this.#ask("POST", path, body), schema);
  }

  async delete<T>(path: string, schema: z.ZodType<T>): Promise<Answer<T>> {
    return understood(await this.#ask("DELETE", path), schema);
  }

  /** @throws CliRefusal when the hub is not there, does not answer, or says no. */
  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const { url, token, tokenHint } = this.#address;
    const response = await this.#send(url + path, {
      method,
      headers: {
        accept: "application/json",
        ...token?.use((text) => ({ authorization: `Bearer ${text}` })),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: "error",
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    const answer = await readJson(response);
    if (response.ok) return answer;
    const said = explainProblem(response.status, answer);
    throw new CliRefusal(response.status === 401 ? `${said} (${tokenHint})` : said);
  }

  async #send(target: string, request: RequestInit): Promise<Response> {
    const { url } = this.#address;
    try {
      return await fetch(target, request);
    } catch (error) {
      if (error instanceof Error && error.name === "TimeoutError") {
        throw new CliRefusal(`hub at ${url} did not answer within ${String(LIMIT_MS / 1000)} s`);
      }
      const cause = error instanceof Error ? error.cause : undefined;
      if (cause instanceof Error && "code" in cause && cause.code === "ECONNREFUSED") {
        throw new CliRefusal(`hub is not running at ${url} (start it with npm start)`);
      }
      throw new CliRefusal(`hub at ${url} cannot be reached: ${messageOf(cause ?? error)}`);
    }
  }
}

function understood<T>(json: unknown, schema: z.ZodType<T>): Answer<T> {
  const result = schema.safeParse(json);
  if (result.success) return { json, value: result.data };
  const where = result.error.issues[0]?.path.join(".") ?? "";
  const what = "the hub's answer is not understood";
  throw new CliRefusal(`${what}${where === "" ? "" : ` at ${where}`}: is it another version?`);
}

/** The body as JSON; undefined when there is none or it is something else. */
async function readJson(response: Response): Promise<unknown> {
  try {
    return (await response.json()) as unknown;
  } catch {
    return undefined;
  }
}
