import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { machineClock } from "../../runtime/clock.ts";
import { Secret } from "../../runtime/secret.ts";
import { VaultBox } from "../../vault/embedded/box.ts";
import { Clerk } from "../../vault/embedded/clerk.ts";
import { serveVault } from "../../vault/embedded/service.ts";
import type { Site } from "./site.ts";

/** How a vault answers. All but the first say what they should keep to themselves. */
export type Manner = "well" | "chatty 500" | "chatty 401" | "chatty page" | "nonsense" | "cut off";

export const ILL_MANNERS: readonly Exclude<Manner, "well">[] = [
  "chatty 500",
  "chatty 401",
  "chatty page",
  "nonsense",
  "cut off",
];

/** A vault that serves on loopback as VVAULT does, until it is told to fail. */
export interface VaultStandIn {
  readonly url: string;
  /** Several are gone through, one an answer. */
  manners: readonly Manner[];
  put(key: string, value: string): Promise<void>;
  close(): Promise<void>;
}

/** @param token that it wants of whoever asks. */
export async function startVault(site: Site, token: string): Promise<VaultStandIn> {
  const key = { kind: "file", path: join(site.folder, "stand-in", "key") } as const;
  const box = await VaultBox.open(join(site.folder, "stand-in", "sealed"), key);
  const nowMs = (): number => machineClock.nowMs();
  const clerk = new Clerk(box, nowMs);
  const inner = await serveVault(clerk, new Secret(token), nowMs);
  let answered = 0;
  const front = createServer((asked, answer) => {
    site.see("vault addresses", "as the vault saw them", `${asked.method} ${asked.url}\n`);
    const manner = vault.manners[answered % vault.manners.length] ?? "well";
    answered += 1;
    if (manner === "well") passOn(inner.url, asked, answer);
    else misbehave(manner, site, asked, answer);
  });
  await new Promise<void>((ready) => front.listen(0, "127.0.0.1", ready));
  const { port } = front.address() as AddressInfo;
  const vault: VaultStandIn = {
    url: `http://127.0.0.1:${port}`,
    manners: ["well"],
    put: async (name, value) => {
      await clerk.putCredential({ key: name, service: "fxshinobi", value });
    },
    close: async () => {
      front.closeAllConnections();
      await new Promise((done) => front.close(done));
      await inner.close();
    },
  };
  return vault;
}

function passOn(url: string, asked: IncomingMessage, answer: ServerResponse): void {
  const { method, headers } = asked;
  const onward = request(new URL(asked.url ?? "/", url), { method, headers }, (said) => {
    answer.writeHead(said.statusCode ?? 500, said.headers);
    said.pipe(answer);
  });
  onward.on("error", () => answer.destroy());
  asked.pipe(onward);
}

/** Answers with every secret there is, as a server in trouble may that prints what it has in hand. */
function misbehave(
  manner: Exclude<Manner, "well">,
  site: Site,
  asked: IncomingMessage,
  answer: ServerResponse,
): void {
  const values = site.planted.map(({ value }) => value);
  const error = `no key fits ${values.join(" ")} for ${asked.headers.authorization ?? ""}`;
  const json = (status: number, body: object): void => {
    answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  switch (manner) {
    case "chatty 500":
      return json(500, { success: false, error });
    case "chatty 401":
      return json(401, { success: false, error });
    case "chatty page":
      answer.writeHead(200, { "content-type": "text/html" }).end(`<pre>${error}</pre>`);
      return;
    case "nonsense":
      return json(200, { success: true, value: values, configs: error, key: error });
    case "cut off":
      answer.writeHead(200, { "content-type": "application/json", "content-length": "99999" });
      answer.write(`{"success":true,"value":${JSON.stringify(values[0] ?? "")}`);
      answer.destroy();
  }
}
