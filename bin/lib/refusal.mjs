/** Why a launcher gives up: its message is the one line the user gets. */
export class Refusal extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.name = "Refusal";
    this.exitCode = exitCode;
  }
}

/** Runs a launcher's work; a refusal becomes one line on stderr and an exit code. */
export async function launch(work) {
  // Node would answer this signal by opening its inspector, to whoever may reach the port.
  process.on("SIGUSR1", () => {});
  try {
    process.exitCode = await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}
