import { get, type IncomingMessage } from "node:http";

export interface Listening {
  readonly port: number;
  readonly token: string;
  readonly clients: number;
}

/** What the clients of the event stream saw, until they were told to stop. */
export interface Heard {
  /** Events of all clients. */
  readonly events: number;
  /** Of the first client and of all others together: places passed over, and places seen again. */
  readonly lost: number;
  readonly twice: number;
  /** When the last client had read it, machine ms since 1970, by the event's number. */
  readonly lastReadAt: Readonly<Record<number, number>>;
  /** How many clients read it, by the event's number. */
  readonly readers: Readonly<Record<number, number>>;
}

/** Opens that many event streams; the returned function closes them and says what they heard. */
export async function listen({ port, token, clients }: Listening): Promise<() => Heard> {
  const lastReadAt: Record<number, number> = {};
  const readers: Record<number, number> = {};
  let [events, lost, twice] = [0, 0, 0];
  const streams = await Promise.all(
    Array.from({ length: clients }, async () => {
      const res = await open(port, token);
      let rest = "";
      let before: number | undefined;
      res.setEncoding("utf8");
      res.on("data", (chunk: string) => {
        const frames = (rest + chunk).split("\n\n");
        rest = frames.pop() ?? "";
        const now = performance.timeOrigin + performance.now();
        for (const frame of frames) {
          const seq = /^id: \w+\.(\d+)/m.exec(frame)?.[1];
          if (seq === undefined) continue;
          const place = Number(seq);
          if (before !== undefined && place > before + 1) lost += place - before - 1;
          if (before !== undefined && place <= before) twice += 1;
          if (frame.includes("data: ")) {
            events += 1;
            lastReadAt[place] = now;
            readers[place] = (readers[place] ?? 0) + 1;
          }
          before = place;
        }
      });
      res.on("error", () => {});
      return res;
    }),
  );
  return () => {
    for (const stream of streams) stream.destroy();
    return { events, lost, twice, lastReadAt, readers };
  };
}

function open(port: number, token: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const options = { host: "127.0.0.1", port, path: "/api/v1/events", headers, agent: false };
    get(options, (res) => {
      if (res.statusCode === 200) resolve(res);
      else reject(new Error(`the event stream answers ${res.statusCode}`));
    }).on("error", reject);
  });
}
