import type { Operation } from "../kit/sample.ts";
import type { WireAnswer } from "./wire.ts";

/** Statuses with which the server itself ends what is no HTTP, or far too much of it. */
const BARE = new Set([400, 408, 413, 414, 417, 431]);
/** A path that a hostile value has turned into another one. */
const ELSEWHERE = new Set([404, 405]);
const STACK = /\n\s+at |node:internal|node_modules|\.ts:\d|\.js:\d/;

/** What an answer breaks of the promises made to whoever asks, however he asks. */
export function faultsOf(
  answer: WireAnswer,
  operation: Operation,
  secrets: readonly string[],
): readonly string[] {
  const { status, headers, text, hung } = answer;
  if (hung) return ["gives no answer"];
  if (status === 0) return ["ends the connection without an answer"];
  const faults: string[] = [];
  const all = `${JSON.stringify(headers)}${text}`;
  if (status >= 500) faults.push(`answers ${status}`);
  if (STACK.test(all)) faults.push("shows where in the code it failed");
  if (process.cwd() !== "/" && all.includes(process.cwd())) faults.push("shows a folder");
  for (const secret of secrets) if (all.includes(secret)) faults.push("shows a secret");
  if (headers["x-injected"] !== undefined) faults.push("takes a header out of a value");
  const type = headers["content-type"]?.split(";")[0] ?? "";
  if (type === "" && BARE.has(status)) return faults;
  const described = operation.responses[status];
  if (described === undefined) {
    if (!ELSEWHERE.has(status)) faults.push(`answers ${status}, which is not described`);
  } else if (!(type in (described.content ?? {}))) {
    faults.push(`answers ${status} as ${type}, which is not described`);
  }
  if (type.endsWith("json") && !isJson(text)) faults.push("calls JSON what is none");
  return faults;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
