import { createSecretKey, randomBytes } from "node:crypto";
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machineClock } from "../src/runtime/clock.ts";
import { Secret } from "../src/runtime/secret.ts";
import { SecretBroker } from "../src/vault/broker/broker.ts";
import { Policy } from "../src/vault/broker/policy.ts";
import { findSecret } from "../src/vault/broker/source.ts";
import { createVaultClient } from "../src/vault/client/client.ts";
import { VaultBox } from "../src/vault/embedded/box.ts";
import { startEmbeddedVault } from "../src/vault/embedded/start.ts";
import type { SecretName } from "../src/vault/lease.ts";
import { Ledger } from "../src/vault/ledger/ledger.ts";
import { verifyLedger } from "../src/vault/ledger/verify.ts";

const LEASES = 5_000;
const AT_ONCE = 1_000;
const RULE = { who: "bench", secret: "broker:*", purposes: ["bench"] };

const microsSince = (start: bigint): number => Number(process.hrtime.bigint() - start) / 1_000;

function percentiles(micros: number[]): string {
  micros.sort((a, b) => a - b);
  const at = (share: number): string => (micros[Math.floor(micros.length * share)] ?? 0).toFixed(0);
  return `p50 ${at(0.5)} us, p99 ${at(0.99)} us`;
}

/** Passes bytes on to the vault and counts the connections that were opened for it. */
async function counter(vaultUrl: string): Promise<{ url: string; opened: number; server: Server }> {
  const { port } = new URL(vaultUrl);
  const counted = { url: "", opened: 0 };
  const server = createServer((near) => {
    counted.opened += 1;
    const far = connect(Number(port), "127.0.0.1");
    near.pipe(far).pipe(near);
    near.on("error", () => far.destroy());
    far.on("error", () => near.destroy());
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return Object.assign(counted, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
  });
}

/** One lease after another, each with its line written before the value is handed out. */
async function cached(broker: SecretBroker): Promise<number[]> {
  const micros: number[] = [];
  for (let i = 0; i < LEASES; i += 1) {
    const start = process.hrtime.bigint();
    await broker.lease({ who: "bench", secret: "broker:venue", purpose: "bench" });
    micros.push(microsSince(start));
  }
  return micros;
}

/** What it would take to force each line to the disk by itself. */
function bareWrites(path: string): number[] {
  const file = openSync(path, "a");
  const line = Buffer.alloc(300, "x");
  const micros = Array.from({ length: LEASES }, () => {
    const start = process.hrtime.bigint();
    writeSync(file, line);
    fdatasyncSync(file);
    return microsSince(start);
  });
  closeSync(file);
  return micros;
}

/** Leases of the hub's own vault over its HTTP API, from cold and from memory. */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "hub-bench-vault-"));
  const box = await VaultBox.open(join(folder, "sealed"), {
    kind: "file",
    path: join(folder, "key"),
  });
  const embedded = await startEmbeddedVault(box, machineClock);
  const door = await counter(embedded.url);
  const common = { clock: machineClock, random: () => 0.5 };
  const vault = createVaultClient({ ...common, url: door.url, token: embedded.token });
  const key = createSecretKey(randomBytes(32));
  const ledger = Ledger.open(join(folder, "ledger"), key);
  const broker = new SecretBroker({
    ...common,
    find: (name: SecretName) => findSecret({ vault, environment: new Map() }, name),
    policy: new Policy([RULE]),
    ledger,
    machineClock,
    leaseMs: 900_000,
    onRevoked: () => undefined,
  });
  try {
    for (const part of ["KEY", "SECRET"]) {
      const entry = { key: `VENUE_API_${part}`, service: "bench", value: new Secret(`${part}-x`) };
      await vault.putCredential(entry);
    }
    const start = process.hrtime.bigint();
    const wish = { who: "bench", secret: "broker:venue", purpose: "bench" } as const;
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => broker.lease(wish)));
    const granted = answers.filter(({ kind }) => kind === "granted").length;
    const ms = (microsSince(start) / 1_000).toFixed(0);
    console.log(`${AT_ONCE} at once from cold    ${granted} granted in ${ms} ms`);
    console.log(`connections to the vault  ${door.opened}`);
    const lines = bareWrites(join(folder, "bare"));
    console.log(`cached lease              ${percentiles(await cached(broker))}`);
    console.log(`a line forced to the disk ${percentiles(lines)}`);
    const { lines: verified, broken } = await verifyLedger(ledger.path, key, [ledger.head]);
    console.log(`ledger                    ${verified} lines, ${broken?.reason ?? "unbroken"}`);
  } finally {
    broker.close();
    await ledger.close();
    await vault.close();
    door.server.close();
    await embedded.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
