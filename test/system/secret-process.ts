import { Buffer } from "node:buffer";
import { takeEnvironment } from "../../src/config/env.ts";
import { machineClock } from "../../src/runtime/clock.ts";
import { createLogging } from "../../src/system/logging.ts";
import { Redactor } from "../../src/system/redactor.ts";

// A process that finds a secret in its environment, then logs it in every way that a careless hand
// might. Tells on stdout what it keeps of the log, and what its diagnostic report would hold.
const { secrets } = takeEnvironment();
const redactor = new Redactor();
for (const secret of secrets.values()) redactor.add(secret);
const logging = createLogging("trace", () => machineClock.nowMs(), redactor);
const { log } = logging;

secrets.get("KRAKEN_API_SECRET")?.use((value) => {
  const failure = new Error(`refused: ${value}`, { cause: new Error(value) });
  log.info(`plain ${value}`);
  log.warn({ err: failure }, "an error");
  log.error(
    { headers: { authorization: `Bearer ${value}` }, deep: [{ of: { it: value } }] },
    "deep",
  );
  log.child({ actor: value }).info("bound");
  log.debug({ [value]: 1 }, "as a name");
  log.trace({ body: JSON.stringify({ api_secret: value }) }, "JSON inside of JSON");
  log.info({ basic: Buffer.from(`key:${value}`).toString("base64") }, "a login");
  log.info({ url: `https://api.example/?sign=${encodeURIComponent(value)}` }, "a URL");
});
// A number is not in quotation marks: without them the line would be JSON no more.
secrets.get("KRAKEN_PASSWORD")?.use((value) => log.info({ pin: Number(value) }, "a number"));
log.info("the end");

const report = JSON.stringify(process.report.getReport());
process.stdout.write(JSON.stringify({ recent: logging.recent(), report, env: process.env }));
