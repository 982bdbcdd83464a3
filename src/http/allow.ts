import { BlockList, isIP } from "node:net";
import type { Request } from "express";
import { StartRefusal } from "../config/refusal.ts";

/** Which addresses may read Chatty's paths. */
export interface AllowList {
  has(address: string): boolean;
}

/**
 * Reads addresses and networks: `127.0.0.1`, `::1`, `10.0.0.0/8`.
 * @throws StartRefusal naming the entry that is neither.
 */
export function allowList(entries: readonly string[]): AllowList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = "", prefix, ...rest] = entry.split("/");
    const family = familyOf(address);
    const bits = Number(prefix ?? Number.NaN);
    const isPrefix = /^\d{1,3}$/.test(prefix ?? "") && bits <= (family === "ipv4" ? 32 : 128);
    if (family === undefined || rest.length > 0 || (prefix !== undefined && !isPrefix)) {
      throw new StartRefusal(`setting HUB_CHATTY_ALLOW: ${entry} is not an address or network`);
    }
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, bits, family);
  }
  return {
    has: (address) => {
      const family = familyOf(address);
      return family !== undefined && list.check(address, family);
    },
  };
}

/** The address at the other end of the connection; no header can change it. */
export function addressOf(req: Request): string {
  return (req.socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, "").replace(/%.*$/, "");
}

export function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}

function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? "ipv4" : "ipv6";
}
