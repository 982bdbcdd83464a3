import { createHash, randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Identity } from "../actors/sentinel/protocol.ts";
import { StartRefusal } from "../config/refusal.ts";
import { Secret } from "../runtime/secret.ts";
import type { Redactor } from "./redactor.ts";

const FILE = "operator.token";
const SHAPE = /^hub_[A-Za-z0-9_-]{43}$/;

/**
 * The SHA-256 of the operator's token; made at the first start, in a file that only its owner reads.
 * The token itself is neither printed nor kept; the redactor knows it, so that no log shows it.
 * @throws StartRefusal when the file does not hold a token.
 */
export function operatorToken(
  dataDir: string,
  redactor: Redactor,
): {
  readonly hash: string;
  readonly identity: Identity;
} {
  const path = join(dataDir, FILE);
  if (!existsSync(path)) {
    const token = `hub_${randomBytes(32).toString("base64url")}`;
    writeFileSync(path, `${token}\n`, { mode: 0o600, flag: "wx" });
  }
  const token = readFileSync(path, "utf8").trim();
  if (!SHAPE.test(token)) {
    throw new StartRefusal(`${path} does not hold an operator token; delete it and start again`);
  }
  redactor.add(new Secret(token));
  chmodSync(path, 0o600);
  const hash = createHash("sha256").update(token).digest("hex");
  return { hash, identity: { who: "operator", role: "admin", token: FILE } };
}
