import { Secret } from "../../runtime/secret.ts";
import { VaultFailure } from "../errors.ts";
import type { SecretName, SecretOrigin } from "../lease.ts";
import type { Vault } from "../port.ts";
import type { SecretMemory } from "./memory.ts";
import { readTogether, type SecretShape, shapeOf } from "./names.ts";

/** A secret as it was found, and where. */
export interface Found {
  readonly parts: Readonly<Record<string, Secret>>;
  /** Found elsewhere because the vault did not answer: what it would say is not known. */
  readonly whileAway?: true;
  readonly origin: SecretOrigin;
}

/** That a vault could not be asked; the cause says why and names no value. */
export interface Unavailable {
  readonly unavailable: string;
}

/** Where secrets are looked for, in this order. */
export interface SecretSources {
  readonly vault: Pick<Vault, "credential">;
  /** What the vault gave last, for while it does not answer. */
  readonly memory?: SecretMemory;
  readonly environment: ReadonlyMap<string, Secret>;
}

/**
 * Finds a secret: single keys at the vault, then the one JSON text there, then the environment.
 * While the vault does not answer, what it gave last serves, and what the environment holds is
 * better than nothing.
 * @returns undefined when nobody has it.
 */
export async function findSecret(
  { vault, memory, environment }: SecretSources,
  name: SecretName,
): Promise<Found | Unavailable | undefined> {
  const shape = shapeOf(name);
  try {
    const parts = (await singleKeys(vault, shape)) ?? (await oneText(vault, shape));
    if (parts === undefined) await memory?.forget(name);
    else await memory?.keep(name, parts);
    if (parts !== undefined) return { parts, origin: "vault" };
  } catch (error) {
    if (!(error instanceof VaultFailure)) throw error;
    const parts = await memory?.recall(name);
    if (parts !== undefined) return { parts, origin: "memory", whileAway: true };
    const found = fromEnvironment(environment, shape);
    return found === undefined ? { unavailable: error.message } : { ...found, whileAway: true };
  }
  return fromEnvironment(environment, shape);
}

async function singleKeys(
  vault: SecretSources["vault"],
  shape: SecretShape,
): Promise<Found["parts"] | undefined> {
  const found: Record<string, Secret> = {};
  for (const [part, key] of Object.entries(shape.keys)) {
    const credential = await vault.credential(key);
    if (credential !== undefined) found[part] = credential.value;
    // Half of a secret is none, and the vault need not be asked for the rest.
    else if (shape.required.includes(part)) return undefined;
  }
  return found;
}

async function oneText(
  vault: SecretSources["vault"],
  shape: SecretShape,
): Promise<Found["parts"] | undefined> {
  if (shape.together === undefined) return undefined;
  const credential = await vault.credential(shape.together);
  const parts = credential?.value.use((text) => readTogether(shape, text));
  credential?.value.destroy();
  return parts === undefined ? undefined : sealed(parts);
}

function fromEnvironment(
  environment: ReadonlyMap<string, Secret>,
  shape: SecretShape,
): Found | undefined {
  if (!shape.required.every((part) => environment.has(shape.keys[part] ?? ""))) return undefined;
  const parts: Record<string, Secret> = {};
  for (const [part, key] of Object.entries(shape.keys)) {
    const copy = environment.get(key)?.use((text) => new Secret(text));
    if (copy !== undefined) parts[part] = copy;
  }
  return { parts, origin: "environment" };
}

function sealed(parts: Readonly<Record<string, string>>): Found["parts"] {
  return Object.fromEntries(Object.entries(parts).map(([part, text]) => [part, new Secret(text)]));
}
