import { z } from "zod";
import { Secret } from "../../runtime/secret.ts";
import { VaultFailure } from "../errors.ts";
import type {
  Credential,
  StrategyChange,
  StrategyRow,
  SystemFile,
  Vault,
  VaultState,
} from "../port.ts";
import { Asker, type AskerOptions } from "./asker.ts";
import { offline } from "./read-reply.ts";
import { shapes } from "./shapes.ts";

/** Any JSON object that says success; what else it says is not used. */
const anything = z.object({});

/**
 * Opens the way to a vault; asks nothing yet.
 * @param options `url` is an origin such as `https://vault.example.org`.
 */
export function createVaultClient(options: AskerOptions): Vault {
  return new VaultClient(new Asker(options));
}

/** The service API of VVAULT over HTTP. */
class VaultClient implements Vault {
  readonly #asker: Asker;

  constructor(asker: Asker) {
    this.#asker = asker;
  }

  health(): Promise<VaultState> {
    return this.#asker.health();
  }

  state(): VaultState {
    return this.#asker.state;
  }

  async strategies(service: string): Promise<readonly StrategyRow[]> {
    const found = await this.#asker.read("configs", configsPath(service), shapes.strategies);
    // A vault without rows says so; only another server has never heard of them.
    if (found === undefined) throw offline("configs", "the path is not served");
    return found.configs;
  }

  async changeStrategy(
    service: string,
    strategyId: string,
    change: StrategyChange,
  ): Promise<number> {
    // The vault replaces the whole row: what is not sent would be emptied.
    const rows = await this.strategies(service);
    const present = rows.find((row) => row.strategyId === strategyId);
    const isWhole = ["params", "symbols", "riskLimits"].every((column) => column in change);
    if (present?.flaw !== undefined && !isWhole) {
      throw new VaultFailure("refused", `row ${strategyId} cannot be changed: ${present.flaw}`);
    }
    const { params, symbols, riskLimits, enabled } = { ...EMPTY_ROW, ...present, ...change };
    const body = { strategy_id: strategyId, params, symbols, risk_limits: riskLimits, enabled };
    const path = configsPath(service);
    const { version } = await this.#asker.write("configs", path, body, shapes.written);
    return version;
  }

  async credential(key: string): Promise<Credential | undefined> {
    const path = `/api/vault/credentials/${encodeURIComponent(checkedKey(key))}`;
    const found = await this.#asker.read("credentials", path, shapes.credential);
    if (found === undefined) return undefined;
    const { service, value, metadata, updated_at: version } = found;
    return { key, service, value: new Secret(value), metadata, version };
  }

  async putCredential(entry: Parameters<Vault["putCredential"]>[0]): Promise<void> {
    const key = checkedKey(entry.key);
    // Metadata that is not sent would be emptied.
    const metadata = entry.metadata ?? (await this.#metadataOf(key));
    const { service } = entry;
    await entry.value.use((value) =>
      this.#asker.write(
        "credentials",
        "/api/vault/credentials",
        { key, value, service, metadata },
        anything,
      ),
    );
  }

  async systemFile(storagePath: string): Promise<SystemFile | undefined> {
    const query = new URLSearchParams({ storage_path: storagePath });
    const path = `/api/vault/system-files?${query.toString()}`;
    return (await this.#asker.read("system-files", path, shapes.file))?.file;
  }

  async putSystemFile(file: Omit<SystemFile, "sha256">): Promise<void> {
    const { storagePath: storage_path, filename, content, fileType: file_type } = file;
    const body = { storage_path, filename, content, file_type };
    await this.#asker.write("system-files", "/api/vault/system-files", body, anything);
  }

  async close(): Promise<void> {
    this.#asker.close();
  }

  async #metadataOf(key: string): Promise<Credential["metadata"]> {
    try {
      return (await this.credential(key))?.metadata ?? {};
    } catch (error) {
      // A value nobody can read any more is exactly what one wants to replace.
      if (error instanceof VaultFailure && error.fault === "unreadable") return {};
      throw error;
    }
  }
}

const EMPTY_ROW = { params: {}, symbols: [], riskLimits: {}, enabled: true } as const;

function configsPath(service: string): string {
  return `/api/vault/configs/${encodeURIComponent(service)}`;
}

/** The vault finds no key with a slash, however it is written. */
function checkedKey(key: string): string {
  if (/^[^/\s][^/]{0,199}$/.test(key)) return key;
  throw new VaultFailure("refused", "a credential's key has 1 to 200 characters and no slash");
}
