import { connect, type Socket } from "node:net";

/** What a load is made of; the sender runs it in a process of its own. */
export interface Load {
  readonly port: number;
  readonly path: string;
  readonly clients: number;
  readonly forMs: number;
  /** Between two requests of one client; 0 sends the next at once. */
  readonly pauseMs: number;
}

export interface Outcome {
  /** Answers with status 200. */
  readonly answered: number;
  readonly others: number;
  readonly durationMs: number;
  /** Of each answer, ms. */
  readonly latencies: readonly number[];
  /** When its request was sent, machine ms since 1970. */
  readonly sentAt: readonly number[];
}

/** Sends requests over kept connections, each client its next one once the last is answered. */
export async function send({ port, path, clients, forMs, pauseMs }: Load): Promise<Outcome> {
  const request = `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`;
  const [latencies, sent]: [number[], number[]] = [[], []];
  let others = 0;
  const startedAt = performance.now();
  const client = (n: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket: Socket = connect(port, "127.0.0.1");
      socket.setNoDelay(true);
      let sentAt = 0;
      let answer = "";
      const next = (): void => {
        if (performance.now() - startedAt >= forMs) {
          socket.destroy();
          resolve();
          return;
        }
        sentAt = performance.now();
        socket.write(request);
      };
      socket.setEncoding("latin1");
      socket.on("data", (chunk: string) => {
        answer += chunk;
        if (!isWhole(answer)) return;
        if (answer.startsWith("HTTP/1.1 200")) {
          latencies.push(performance.now() - sentAt);
          sent.push(performance.timeOrigin + sentAt);
        } else others += 1;
        answer = "";
        if (pauseMs === 0) next();
        else setTimeout(next, pauseMs);
      });
      socket.on("error", reject);
      // Clients that pause do not all begin at once.
      socket.on("connect", () => setTimeout(next, (pauseMs * n) / clients));
    });
  await Promise.all(Array.from({ length: clients }, (_, n) => client(n)));
  const durationMs = performance.now() - startedAt;
  return { answered: latencies.length, others, durationMs, latencies, sentAt: sent };
}

function isWhole(answer: string): boolean {
  const head = answer.indexOf("\r\n\r\n");
  if (head < 0) return false;
  const length = /content-length: (\d+)/i.exec(answer)?.[1];
  return length !== undefined && answer.length >= head + 4 + Number(length);
}
