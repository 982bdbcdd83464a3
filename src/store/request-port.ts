/** A request that came with a key, as somebody made it on a route. */
export interface KeyedRequest {
  readonly asker: string;
  readonly route: string;
  readonly key: string;
  /** A UUID of this very attempt. */
  readonly claim: string;
}

/**
 * `new`: carry it out. `busy`: another one with its key is being carried out. `other`: the key has
 * asked for something else. `answered`: say again what was answered.
 */
export type RequestStanding =
  | { readonly kind: "new" | "busy" | "other" }
  | { readonly kind: "answered"; readonly answer: string };

/** Requests with their answers, for a day, so that a repeated one is carried out once. */
export interface RequestStore {
  /** @param fingerprint SHA-256 of what is asked, hex. */
  begin(request: KeyedRequest, fingerprint: string): Promise<RequestStanding>;
  /** Keeps the answer. */
  end(request: KeyedRequest, answer: string): Promise<void>;
  /** Forgets a request that came to nothing; it may be made again. */
  drop(request: KeyedRequest): Promise<void>;
}
