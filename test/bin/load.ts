import { resolve } from "node:path";

/** The project's own folder. */
export const ROOT = resolve(import.meta.dirname, "../..");

/** Loads a module of the launchers. They are plain JavaScript, so the caller says what is in it. */
export async function launcher<T>(name: string): Promise<T> {
  return (await import(resolve(ROOT, "bin/lib", `${name}.mjs`))) as T;
}
