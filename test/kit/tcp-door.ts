import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { join } from "node:path";

/** A loopback port in front of a server that listens on a socket only. */
export interface TcpDoor {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Opens the door. A port of its own choosing cannot be taken by somebody else meanwhile, as the one
 * that PostgreSQL would have to be told beforehand. `answer` may change what the server says.
 */
export async function tcpDoor(
  socketDir: string,
  answer: (chunk: Buffer) => Buffer = (chunk) => chunk,
): Promise<TcpDoor> {
  const open = new Set<Socket>();
  const server = createServer((inside) => {
    const behind = connect(join(socketDir, ".s.PGSQL.5432"));
    for (const [one, other] of [
      [inside, behind],
      [behind, inside],
    ] as const) {
      open.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
    inside.pipe(behind);
    behind.on("data", (chunk: Buffer) => inside.write(answer(chunk)));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const one of open) one.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
