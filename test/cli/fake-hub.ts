import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Writable } from "node:stream";
import { runCli } from "../../src/cli/index.ts";
import { sortVariables } from "../../src/config/env.ts";

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly token: string | undefined;
  readonly body: unknown;
}

export interface FakeAnswer {
  readonly status?: number;
  readonly body: unknown;
}

/** A hub that says what it is told to say and remembers what it was asked. */
export async function fakeHub(answers: Readonly<Record<string, FakeAnswer>>) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "" } = request;
      const text = Buffer.concat(chunks).toString();
      const body: unknown = text === "" ? undefined : JSON.parse(text);
      asked.push({ method, path: url, token: request.headers.authorization, body });
      const answer = answers[`${method} ${url.split("?")[0] ?? ""}`];
      response.statusCode = answer === undefined ? 404 : (answer.status ?? 200);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(answer?.body ?? { title: "Not found" }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, asked, close };
}

/** Runs one command line and keeps what it printed. */
export async function hub(
  argv: readonly string[],
  environment: Readonly<Record<string, string>>,
  over: {
    untilStopped?: () => Promise<void>;
    onPrint?: (line: string) => void;
    secrets?: readonly string[];
    output?: Writable;
  } = {},
) {
  const out: string[] = [];
  const err: string[] = [];
  const secrets = [...(over.secrets ?? [])];
  const exitCode = await runCli(argv, {
    environment: sortVariables(environment),
    startHub: async () => 70,
    print: (line) => {
      out.push(line);
      over.onPrint?.(line);
    },
    complain: (line) => err.push(line),
    readSecret: async () => secrets.shift() ?? "",
    readNewSecret: async () => secrets.shift() ?? "",
    output: () => over.output ?? process.stdout,
    untilStopped: over.untilStopped ?? (async () => {}),
  });
  return { exitCode, out: out.join("\n"), err: err.join("\n") };
}

/** Runs one command line against a hub with one answer, which is gone afterwards. */
export async function askFake(argv: readonly string[], on: string, answer: FakeAnswer) {
  const running = await fakeHub({ [on]: answer });
  try {
    const result = await hub(argv, { HUB_URL: running.url, HUB_TOKEN: "hub_secret" });
    return { ...result, asked: running.asked };
  } finally {
    await running.close();
  }
}
