import type { Request, Response } from "express";
import type { z } from "zod";
import type { Role } from "../market/token.ts";

/**
 * Who may ask: anybody; addresses that Chatty may call from; loopback or a viewer; or somebody
 * with at least a role.
 */
export type Access = "open" | "chatty" | "scrape" | Role;

/** The answers of a route that are not problems, by status. */
export type Answers = Readonly<Record<number, z.ZodType>>;

/** A request that was let in and understood. */
export interface Call<P = unknown, Q = unknown, B = unknown> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** The name behind the token, or the address where none is asked for. */
  readonly who: string;
  /** Id of the token; undefined where none is asked for. */
  readonly token: string | undefined;
  /** When what was shown ends by itself, UTC ms on the machine's clock. */
  readonly until: number | undefined;
  readonly req: Request;
  readonly res: Response;
}

type Replies<A extends Answers> = {
  [S in keyof A & number]: { readonly status: S; readonly body: z.input<A[S]> };
}[keyof A & number];

/** A path, who may ask, what it takes, what it answers, and how. */
export interface RouteSpec<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  A extends Answers = Answers,
> {
  readonly method: "get" | "post" | "delete";
  /** Express's pattern, e.g. `/api/v1/watchlist/:exchange`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly access: Access;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly answers: A;
  /** Statuses of problems that other routes do not have. */
  readonly problems?: readonly number[];
  /** Is rather carried out twice than not at all: waits neither for the store nor for another request. */
  readonly urgent?: true;
  /** Takes no Idempotency-Key: its answer holds what must not be stored. */
  readonly keyless?: true;
  /** Worth asking again only when it has changed: its answer has an ETag, and may be 304. */
  readonly tagged?: true;
  /** Its answer's `next` goes into this parameter for the following page. */
  readonly pagedBy?: "cursor" | "from" | "after";
  /** Content type of a success other than JSON; such a body is text. */
  readonly produces?: string;
  /** Null when the handler has taken over the response itself. */
  handle(
    call: Call<z.output<P>, z.output<Q>, z.output<B>>,
  ): Replies<A> | null | Promise<Replies<A> | null>;
}

/** A route of any types, as a list holds it. */
export interface Route extends Omit<RouteSpec, "handle"> {
  handle(call: Call): Reply | null | Promise<Reply | null>;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** Checks a route's handler against its schemas, then forgets the types. */
export function route<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  A extends Answers,
>(spec: RouteSpec<P, Q, B, A>): Route {
  return spec as unknown as Route;
}

/** An answer with the very status and words that a route's schemas name. */
export function reply<const S extends number, const B>(
  status: S,
  body: B,
): { readonly status: S; readonly body: B } {
  return { status, body };
}
