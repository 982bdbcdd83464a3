import type { Settings } from "../config/settings.ts";
import type { HubEvent } from "../market/events.ts";
import { machineClock } from "../runtime/clock.ts";
import { messageOf } from "../runtime/errors.ts";
import type { Secret } from "../runtime/secret.ts";
import { SecretBroker } from "../vault/broker/broker.ts";
import { Census } from "../vault/broker/census.ts";
import { patientMemory, sealedMemory } from "../vault/broker/memory.ts";
import { Policy } from "../vault/broker/policy.ts";
import { findSecret } from "../vault/broker/source.ts";
import { createVaultClient } from "../vault/client/client.ts";
import type { VaultBox } from "../vault/embedded/box.ts";
import { startEmbeddedVault } from "../vault/embedded/start.ts";
import type { SecretName } from "../vault/lease.ts";
import type { Ledger } from "../vault/ledger/ledger.ts";
import type { LedgerEntry } from "../vault/ledger/line.ts";
import type { Vault, VaultState } from "../vault/port.ts";
import type { CloseStack } from "./close-stack.ts";
import { openLedger } from "./ledger.ts";
import { random } from "./random.ts";
import type { Redactor } from "./redactor.ts";
import { secretRules } from "./secret-rules.ts";
import { openBox } from "./vault.ts";

/** What the Sentinel stands on, and nobody else. */
export interface Secrets {
  readonly vault: Vault;
  readonly box: VaultBox;
  readonly broker: SecretBroker;
  readonly census: Census;
  readonly ledger: Ledger;
  /** True when another server keeps the secrets, false for the hub's own file. */
  readonly isRemote: boolean;
  /** From now on, what becomes of vault and secrets is told here too. */
  listen(listener: (event: HubEvent) => void): void;
  /** From now on, how quick the vault is and what is written into the ledger is told here. */
  measure(meter: SecretMeter): void;
}

/** Who measures is there later than what is measured. */
interface SecretMeter {
  know(backend: string): void;
  asked(backend: string, durationMs: number): void;
  written(event: LedgerEntry["event"]): void;
}

export interface SecretsOptions {
  readonly settings: Settings;
  /** What the environment held, by name. */
  readonly environment: ReadonlyMap<string, Secret>;
  /** Venues whose accounts may have secrets. */
  readonly venues: readonly string[];
  /** Told of every value before anybody gets it. */
  readonly redactor: Redactor;
  /** Told in a line what the hub goes on without. */
  readonly warn?: (line: string) => void;
  readonly stack: CloseStack;
}

/**
 * Opens the sealed file, the ledger and the way to the vault. Asks the vault nothing: one that is
 * away keeps no hub from starting.
 * @throws StartRefusal when the sealed file or the ledger does not open; nothing is overwritten.
 */
export async function openSecrets(options: SecretsOptions): Promise<Secrets> {
  const { settings, environment, venues, redactor, stack } = options;
  const box = await openBox(settings);
  const ledger = await openLedger(settings.dataDir, box);
  stack.push(() => ledger.close());
  const listeners: ((event: HubEvent) => void)[] = [];
  const tell = (event: HubEvent): void => listeners.forEach((listener) => listener(event));
  const isRemote = settings.vvaultUrl !== undefined;
  const onState = (state: VaultState): void => tell(vaultFact(state));
  const backend = isRemote ? "vvault" : "embedded";
  let meter: SecretMeter | undefined;
  const onAsked = (durationMs: number): void => meter?.asked(backend, durationMs);
  const vault = await openVault(settings, box, { onState, onAsked }, redactor, stack);
  const onMemoryFailure = (what: string, error: unknown): void =>
    options.warn?.(`${what}: ${messageOf(error)}`);
  const find = (name: SecretName): ReturnType<typeof findSecret> =>
    // The hub's own vault is its memory.
    findSecret(
      isRemote
        ? {
            vault,
            environment,
            memory: patientMemory(sealedMemory(box, machineClock), onMemoryFailure),
          }
        : { vault, environment },
      name,
    );
  const broker = new SecretBroker({
    find,
    policy: new Policy(secretRules(venues)),
    ledger,
    clock: machineClock,
    machineClock,
    random,
    leaseMs: settings.secretLeaseSeconds * 1_000,
    onRevoked: (secret) => tell({ kind: "secret-revoked", secret }),
    onWritten: (event) => meter?.written(event),
    onFound: ({ parts }) => Object.values(parts).forEach((part) => redactor.add(part)),
  });
  stack.push(() => broker.close());
  const census = new Census(
    venues.map((venue): SecretName => `broker:${venue}`),
    find,
  );
  const listen: Secrets["listen"] = (listener) => void listeners.push(listener);
  const measure = (next: SecretMeter): void => {
    meter = next;
    meter.know(backend);
  };
  return { vault, box, broker, census, ledger, isRemote, listen, measure };
}

async function openVault(
  { vvaultUrl, vvaultServiceToken }: Settings,
  box: VaultBox,
  told: { onState: (state: VaultState) => void; onAsked: (durationMs: number) => void },
  redactor: Redactor,
  stack: CloseStack,
): Promise<Vault> {
  const common = { clock: machineClock, random, ...told };
  if (vvaultUrl !== undefined && vvaultServiceToken !== undefined) {
    const vault = createVaultClient({ ...common, url: vvaultUrl, token: vvaultServiceToken });
    stack.push(() => vault.close());
    return vault;
  }
  const embedded = await startEmbeddedVault(box, machineClock);
  stack.push(() => embedded.close());
  const { url, token } = embedded;
  redactor.add(token);
  const vault = createVaultClient({ ...common, url, token });
  stack.push(() => vault.close());
  return vault;
}

function vaultFact(state: VaultState): HubEvent {
  const reason =
    state.kind === "offline"
      ? state.reason
      : state.kind === "wrong-token"
        ? "it does not know VVAULT_SERVICE_TOKEN"
        : "";
  return { kind: "vault-changed", state: state.kind, reason };
}
