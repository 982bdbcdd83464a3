import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { FailureError, messageOf } from "../runtime/errors.ts";
import type { Strategy } from "./strategy.ts";

const STRATEGY_FILE = /\.m?js$/;
const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** What an author's file may be given instead of importing it: the folder can then lie anywhere. */
interface AuthorKit {
  readonly z: typeof z;
}

/**
 * Loads every `.js` and `.mjs` file of a folder, by name. Each exports a strategy as its default, or
 * a function that takes the {@link AuthorKit} and answers one. A changed file is read at the next start.
 * @throws FailureError naming the file and what is missing in it; none is loaded then.
 */
export async function loadStrategies(folder: string): Promise<readonly Strategy[]> {
  const files = await namesIn(folder);
  return Promise.all(files.map((file) => loadOne(folder, file)));
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => STRATEGY_FILE.test(name)).sort();
  } catch (error) {
    throw new FailureError("strategy-folder", `strategies folder: ${messageOf(error)}`, {
      retry: "never",
      cause: error,
    });
  }
}

async function loadOne(folder: string, file: string): Promise<Strategy> {
  let exported: unknown;
  try {
    const url = pathToFileURL(resolve(folder, file)).href;
    const module = (await import(/* @vite-ignore */ url)) as { default?: unknown };
    exported = module.default;
    if (typeof exported === "function") exported = (exported as (kit: AuthorKit) => unknown)({ z });
  } catch (error) {
    throw broken(file, messageOf(error), error);
  }
  const fault = strategyFault(exported);
  if (fault !== undefined) throw broken(file, fault);
  return exported as Strategy;
}

function broken(file: string, why: string, cause?: unknown): FailureError {
  return new FailureError("strategy-file", `strategy file ${file}: ${why}`, {
    retry: "never",
    cause,
  });
}

/** Finds what keeps a default export from being a strategy. */
function strategyFault(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return "has no strategy as its default export";
  const { id, version, summary, parameters, warmup, start } = value as Record<string, unknown>;
  if (typeof id !== "string" || !ID.test(id)) return "id must be lower-case words with dashes";
  if (typeof version !== "string" || version === "") return "version must be text";
  if (typeof summary !== "string" || summary === "") return "summary must be text";
  if (typeof (parameters as { safeParse?: unknown } | undefined)?.safeParse !== "function") {
    return "parameters must be a zod schema";
  }
  if (typeof warmup !== "function") return "warmup must be a function";
  return typeof start === "function" ? undefined : "start must be a function";
}
