import { setMaxListeners } from "node:events";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Clock } from "../../runtime/clock.ts";
import type { HostRule } from "./allowed-hosts.ts";
import { HostNotAllowed, TransportError } from "./errors.ts";
import { type Answer, requestOnce } from "./request-once.ts";

/** What ccxt hands to a fetch of our own; its own signal is left alone, the deadline here is shorter. */
interface FetchParams {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

/** How requests leave the process: guarded, timed, on connections that are kept. */
export interface Transport {
  /** @throws HostNotAllowed, TransportError. */
  fetch(url: string, params: FetchParams): Promise<Answer>;
  /** Ends what is under way and refuses everything later. */
  close(): void;
}

export interface TransportSettings {
  /** The machine's clock: a network's time limit does not run faster because a market does. */
  readonly machineClock: Clock;
  /** Limit of one request, from the first byte sent to the last one read, machine ms. */
  readonly deadlineMs: number;
  readonly mayVisit: HostRule;
  readonly maxSockets: number;
  /** Told each answer's headers, in lower case. */
  readonly onHeaders?: (headers: Readonly<Record<string, string>>) => void;
}

export function createTransport(settings: TransportSettings): Transport {
  const { maxSockets } = settings;
  const agents = {
    "http:": new HttpAgent({ keepAlive: true, maxSockets }),
    "https:": new HttpsAgent({ keepAlive: true, maxSockets }),
  };
  const closing = new AbortController();
  // One listener for each request under way, and no leak.
  setMaxListeners(0, closing.signal);

  async function fetch(address: string, params: FetchParams): Promise<Answer> {
    const url = new URL(address);
    if (!settings.mayVisit(url)) throw new HostNotAllowed(url.host);
    if (closing.signal.aborted) throw new TransportError("client is closed", { neverSent: true });
    const request = {
      url,
      method: params.method ?? "GET",
      headers: params.headers ?? {},
      body: params.body,
      agent: agents[url.protocol === "http:" ? "http:" : "https:"],
    };
    const limits = {
      clock: settings.machineClock,
      deadlineMs: settings.deadlineMs,
      signal: closing.signal,
    };
    const answer = await requestOnce(request, limits);
    settings.onHeaders?.(answer.headers);
    if (answer.status >= 300 && answer.status < 400) {
      // An API does not move: following would read another page as if it were the answer.
      throw new TransportError(`refused to follow a redirect (${answer.status})`);
    }
    return answer;
  }

  function close(): void {
    closing.abort(new TransportError("client is closed"));
    agents["http:"].destroy();
    agents["https:"].destroy();
  }

  return { fetch, close };
}
