import { connect } from "node:net";

/** A request as its bytes: nothing between the test and the socket tidies it up. */
export interface WireRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer | undefined;
}

export interface WireAnswer {
  /** 0 when the connection ended without an answer. */
  readonly status: number;
  /** By their lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** No whole answer came within the limit. */
  readonly hung: boolean;
}

/** Sends one request on a connection of its own; of an event stream only the beginning is read. */
export function exchange(port: number, request: WireRequest, limitMs: number): Promise<WireAnswer> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const chunks: Buffer[] = [];
    const end = (hung: boolean): void => {
      socket.destroy();
      resolve({ ...parse(Buffer.concat(chunks)), hung });
    };
    socket.setTimeout(limitMs, () => end(true));
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      if (isStream(Buffer.concat(chunks).toString("latin1"))) end(false);
    });
    socket.on("error", () => end(false));
    socket.on("close", () => end(false));
    socket.write(bytesOf(request));
  });
}

function bytesOf({ method, target, headers, body }: WireRequest): Buffer {
  const own: (readonly [string, string])[] = [
    ["host", "127.0.0.1"],
    ["connection", "close"],
    ...(body === undefined ? [] : [["content-length", String(body.length)] as const]),
  ];
  const lines = [...own, ...headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const head = Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines}\r\n`, "latin1");
  return body === undefined ? head : Buffer.concat([head, body]);
}

const isStream = (text: string): boolean =>
  /^[^]*content-type: text\/event-stream[^]*\r\n\r\n/i.test(text);

function parse(bytes: Buffer): Omit<WireAnswer, "hung"> {
  const raw = bytes.toString("latin1").replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, "");
  const end = raw.indexOf("\r\n\r\n");
  const [first = "", ...lines] = (end < 0 ? "" : raw.slice(0, end)).split("\r\n");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  const text = end < 0 ? "" : Buffer.from(raw.slice(end + 4), "latin1").toString("utf8");
  return { status: Number(first.split(" ")[1] ?? 0), headers: Object.fromEntries(headers), text };
}
