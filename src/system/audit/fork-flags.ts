import childProcess, { type ForkOptions } from "node:child_process";
import { syncBuiltinESMExports } from "node:module";

/**
 * Loaded into an audited hub before anything else: its forked actors get the flags that it has
 * itself, so that their heaps can be looked at too. The hub as it is starts them without those.
 */
const { fork } = childProcess;
childProcess.fork = ((module: string, args: readonly string[], options: ForkOptions) => {
  const execArgv = [...(options.execArgv ?? []), ...process.execArgv];
  return fork(module, args, { ...options, execArgv });
}) as typeof fork;
syncBuiltinESMExports();
