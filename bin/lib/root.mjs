import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds package.json; launchers work from any current folder. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
