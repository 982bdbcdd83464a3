import { z } from "zod";
import type { Clock } from "../../runtime/clock.ts";
import { Secret } from "../../runtime/secret.ts";
import type { VaultBox } from "../embedded/box.ts";
import type { SecretName } from "../lease.ts";

type Parts = Readonly<Record<string, Secret>>;

/** What another vault gave last, sealed in the hub's own file: it serves while that vault is away. */
export interface SecretMemory {
  recall(name: SecretName): Promise<Parts | undefined>;
  keep(name: SecretName, parts: Parts): Promise<void>;
  /** The vault says that there is no such secret: from now on nobody else says otherwise. */
  forget(name: SecretName): Promise<void>;
}

const texts = z.record(z.string(), z.string().min(1));

/** Keeps one copy of each secret, and no older ones: a key that was taken back is not to be found. */
export function sealedMemory(box: VaultBox, clock: Clock): SecretMemory {
  const pathOf = (name: SecretName): string => `hub/memory/${name}`;
  const read = async (name: SecretName): Promise<string | undefined> =>
    (await box.get(pathOf(name)))?.value;
  return {
    async recall(name) {
      const text = await read(name);
      if (text === undefined) return undefined;
      const parts = Object.entries(texts.parse(JSON.parse(text)));
      return Object.fromEntries(parts.map(([part, value]) => [part, new Secret(value)]));
    },
    async keep(name, parts) {
      const text = JSON.stringify(
        Object.fromEntries(
          Object.entries(parts).map(([part, value]) => [part, value.use((plain) => plain)]),
        ),
      );
      if (text !== (await read(name))) await box.put(pathOf(name), text, clock.nowMs(), 1);
    },
    forget: (name) => box.remove(pathOf(name)),
  };
}

/**
 * The same for those who cannot do anything about a disk that is full or a file that is locked: what
 * could not be kept is not there later, and nothing else comes of it.
 */
export function patientMemory(
  memory: SecretMemory,
  onFailure: (what: string, error: unknown) => void,
): SecretMemory {
  return {
    async recall(name) {
      try {
        return await memory.recall(name);
      } catch (error) {
        onFailure(`${name} cannot be recalled`, error);
        return undefined;
      }
    },
    keep: (name, parts) =>
      memory.keep(name, parts).catch((error: unknown) => {
        onFailure(`${name} cannot be remembered`, error);
      }),
    forget: (name) =>
      memory.forget(name).catch((error: unknown) => {
        onFailure(`${name} cannot be forgotten`, error);
      }),
  };
}
