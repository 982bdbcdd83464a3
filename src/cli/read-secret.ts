import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { CliRefusal } from "./refusal.ts";

/**
 * Reads a secret: typed without an echo on a terminal, else all of what is piped in, without the line
 * end that editors and `echo` put behind it. Never from an argument: those are seen by everybody.
 * @throws CliRefusal when nothing was given.
 */
export async function readSecret(question: string): Promise<string> {
  const { stdin } = process;
  const given = stdin.isTTY ? await typed(question) : (await text(stdin)).replace(/\r?\n$/, "");
  if (given === "") throw new CliRefusal("nothing was given: nothing was changed");
  return given;
}

/**
 * The same for a value that cannot be looked up later: on a terminal it is typed twice.
 * @throws CliRefusal also when the two differ.
 */
export async function readNewSecret(question: string): Promise<string> {
  const given = await readSecret(question);
  if (process.stdin.isTTY && (await typed("once more: ")) !== given) {
    throw new CliRefusal("the two are not the same: nothing was changed");
  }
  return given;
}

function typed(question: string): Promise<string> {
  process.stderr.write(question);
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silence, terminal: true });
  return new Promise((resolve) => {
    lines.once("line", (line) => {
      lines.close();
      process.stderr.write("\n");
      resolve(line);
    });
    lines.once("close", () => resolve(""));
  });
}
