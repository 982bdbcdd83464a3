import type { Secret } from "../runtime/secret.ts";

/** A strategy as the vault keeps it, nulls replaced by the safe side. */
export interface StrategyRow {
  readonly strategyId: string;
  readonly params: { readonly [name: string]: unknown };
  readonly symbols: readonly unknown[];
  readonly riskLimits: { readonly [name: string]: unknown };
  /** False as well when the vault says nothing about it. */
  readonly enabled: boolean;
  /** Rises by one with each write; 0 when the vault does not say. */
  readonly version: number;
  /** What is wrong with its form; the rest of it is empty then. */
  readonly flaw?: string;
}

/** What to change of a row; everything else stays as it is. */
export type StrategyChange = Partial<
  Pick<StrategyRow, "params" | "symbols" | "riskLimits" | "enabled">
>;

export interface Credential {
  readonly key: string;
  readonly service: string;
  readonly value: Secret;
  readonly metadata: { readonly [name: string]: unknown };
  /** Says which writing of the value this is: another text after each change, as far as the vault tells. */
  readonly version: string;
}

/** A file of the system, such as a report. */
export interface SystemFile {
  readonly storagePath: string;
  readonly filename: string;
  readonly content: string;
  readonly fileType: string;
  /** Hex, of the UTF-8 content. */
  readonly sha256: string;
}

/** Whether the vault serves. `wrong-token` is a fault of the settings: waiting does not help. */
export type VaultState =
  | { readonly kind: "ok" }
  | { readonly kind: "offline"; readonly reason: string }
  | { readonly kind: "wrong-token" };

/**
 * The service API of a vault, VVAULT's or the embedded one's.
 *
 * Every call ends within its time limit, and throws {@link VaultFailure} when the vault gave no answer
 * that can be trusted. That something is not there is an answer.
 */
export interface Vault {
  /** Asks whether the vault serves; never throws. */
  health(): Promise<VaultState>;
  /** What the last calls said, without asking. */
  state(): VaultState;
  strategies(service: string): Promise<readonly StrategyRow[]>;
  /** Writes one row: reads it, changes what is given, and writes all of it. Answers its new version. */
  changeStrategy(service: string, strategyId: string, change: StrategyChange): Promise<number>;
  /** Undefined when there is none of this key. Keys are case-sensitive and hold no `/`. */
  credential(key: string): Promise<Credential | undefined>;
  /** Creates or replaces a value; metadata that is left out stays as it is. */
  putCredential(entry: {
    readonly key: string;
    readonly service: string;
    readonly value: Secret;
    readonly metadata?: { readonly [name: string]: unknown };
  }): Promise<void>;
  systemFile(storagePath: string): Promise<SystemFile | undefined>;
  putSystemFile(file: Omit<SystemFile, "sha256">): Promise<void>;
  /** Ends what is under way. */
  close(): Promise<void>;
}
