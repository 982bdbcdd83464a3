import { cpus, totalmem } from "node:os";

/** What each `bench/<name>.ts` gives. */
interface Suite {
  run(options: readonly string[]): Promise<void>;
}

/** The suites there are, in the order they run when none is named. */
const SUITES = [
  "runtime",
  "store",
  "indicators",
  "vault",
  "metrics",
  "http",
  "halts",
  "forks",
  "hub",
];

/** Runs the named suites, or all of them, each with all the options; returns the exit code. */
export async function runBench(args: readonly string[]): Promise<number> {
  const names = args.filter((arg) => !arg.startsWith("--"));
  const options = args.filter((arg) => arg.startsWith("--"));
  const unknown = names.filter((name) => !SUITES.includes(name));
  if (unknown.length > 0) {
    console.error(`no such benchmark: ${unknown.join(", ")} (there are: ${SUITES.join(", ")})`);
    return 2;
  }
  printMachine(args);
  let exitCode = 0;
  for (const name of names.length > 0 ? names : SUITES) {
    console.log(`\n## ${name}\n`);
    if (!(await runSuite(name, options))) exitCode = 1;
  }
  return exitCode;
}

/** Numbers mean nothing without the machine they were measured on. */
function printMachine(args: readonly string[]): void {
  const cores = cpus();
  const model = cores[0]?.model.trim() ?? "unknown";
  const memory = (totalmem() / 2 ** 30).toFixed(1);
  console.log(`command  npm run bench${args.length > 0 ? ` -- ${args.join(" ")}` : ""}`);
  console.log(`machine  ${model}, ${String(cores.length)} cores, ${memory} GiB`);
  console.log(`node     ${process.version} on ${process.platform} ${process.arch}`);
  console.log(`date     ${new Date().toISOString()}`);
}

async function runSuite(name: string, options: readonly string[]): Promise<boolean> {
  let suite: Suite;
  try {
    suite = (await import(`./${name}.js`)) as Suite;
  } catch (error) {
    if (!isMissing(error, name)) throw error;
    console.error(`bench/${name}.ts does not exist`);
    return false;
  }
  try {
    await suite.run(options);
    return true;
  } catch (error) {
    console.error(`benchmark ${name} failed:`, error);
    return false;
  }
}

function isMissing(error: unknown, name: string): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    error.code === "ERR_MODULE_NOT_FOUND" &&
    error.message.includes(`/bench/${name}.js`)
  );
}
