import { basename } from "node:path";

/**
 * How to call npm: the one that runs us when there is one, else the one on the path.
 * Another package manager in `npm_execpath` is passed over; only npm reads our lock file.
 */
export function npmCommand(environment) {
  const running = environment.npm_execpath;
  if (running !== undefined && /^npm(-cli)?\.c?js$/.test(basename(running))) {
    return { program: process.execPath, args: [running] };
  }
  return { program: "npm", args: [] };
}
