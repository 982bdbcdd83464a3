import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { bound, type Frame, Frames, parsed } from "./pg-frames.ts";

/** A function of the database that a hub called. */
export interface Call {
  readonly fn: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Where a hub shall die. */
export interface CrashPoint {
  readonly fn: string;
  /** Before the call reaches the database, or after it was done there and before the hub is told. */
  readonly moment: "before" | "after";
  /** Whether it is the call that is meant. @param answer what the database said; empty before it did. */
  readonly isIt?: ((call: Call, answer: string) => boolean) | undefined;
}

interface Trap {
  readonly point: CrashPoint;
  readonly kill: () => unknown;
  readonly struck: (call: Call) => void;
}

const NAME = /public\."(hub_\w+)"/;
/** The server's word that it is done, and whatever it did is kept. */
const READY = "Z";

/**
 * A way to a database on which a hub can be killed at one exact step: what had not arrived by then never
 * arrives, and what was done is not told.
 */
export class CrashLine {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #trap: Trap | undefined;

  private constructor(socketDir: string) {
    this.#server = createServer({ noDelay: true }, (near) => {
      const far = connect(join(socketDir, ".s.PGSQL.5432"));
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(one);
        one.on("error", () => other.destroy());
        one.on("close", () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      }
      this.#connect(near, far);
    });
  }

  static async open(socketDir: string): Promise<CrashLine> {
    const line = new CrashLine(socketDir);
    await new Promise<void>((ready) => line.#server.listen(0, "127.0.0.1", ready));
    return line;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `postgresql://postgres@127.0.0.1:${port}/postgres`;
  }

  /** Sets the trap, once. Settles with the call at which the hub was killed. */
  killAt(point: CrashPoint, kill: () => unknown): Promise<Call> {
    return new Promise((struck) => {
      this.#trap = { point, kill, struck };
    });
  }

  async close(): Promise<void> {
    this.#cut();
    await new Promise((done) => this.#server.close(done));
  }

  #connect(near: Socket, far: Socket): void {
    const asked = new Frames("client");
    const said = new Frames("server");
    const prepared = new Map<string, string>();
    /** The call whose answer is held back until it is known to be done. */
    let held: { readonly call: Call; readonly frames: Frame[] } | undefined;

    near.on("data", (chunk: Buffer) => {
      for (const frame of asked.push(chunk)) {
        const call = callOf(frame, prepared);
        if (call !== undefined && this.#isTrapped(call, "before", "")) {
          this.#strike(call);
          return;
        }
        if (call !== undefined && this.#trap?.point.fn === call.fn) held = { call, frames: [] };
        far.write(frame.bytes);
      }
    });
    far.on("data", (chunk: Buffer) => {
      for (const frame of said.push(chunk)) {
        if (held === undefined) {
          near.write(frame.bytes);
          continue;
        }
        held.frames.push(frame);
        if (frame.type !== READY) continue;
        const { call, frames } = held;
        held = undefined;
        const answer = frames.flatMap(({ type, body }) => (type === "D" ? [body.toString()] : []));
        if (this.#isTrapped(call, "after", answer.join(""))) {
          this.#strike(call);
          return;
        }
        for (const { bytes } of frames) near.write(bytes);
      }
    });
  }

  #isTrapped(call: Call, moment: CrashPoint["moment"], answer: string): boolean {
    const point = this.#trap?.point;
    if (point === undefined || point.fn !== call.fn || point.moment !== moment) return false;
    return point.isIt?.(call, answer) ?? true;
  }

  #strike(call: Call): void {
    const trap = this.#trap;
    this.#trap = undefined;
    trap?.kill();
    this.#cut();
    trap?.struck(call);
  }

  /** The connections of the dead: what they had under way ends as the database pleases. */
  #cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** The function that a message calls, if it calls one. */
function callOf({ type, body }: Frame, prepared: Map<string, string>): Call | undefined {
  if (type === "P") {
    const { name, text } = parsed(body);
    prepared.set(name, text);
  }
  if (type !== "B") return undefined;
  const { name, values } = bound(body);
  const fn = NAME.exec(prepared.get(name) ?? "")?.[1];
  if (fn === undefined) return undefined;
  return { fn, args: JSON.parse(values[0] ?? "{}") as Call["args"] };
}
