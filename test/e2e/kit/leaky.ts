import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../../../src/system/audit/commands.ts";
import { loud, operatorToken } from "../../../src/system/audit/drive.ts";
import { writeHeap } from "../../../src/system/audit/heap.ts";
import { AuditedHub } from "../../../src/system/audit/hub-process.ts";
import { askEverything, listenTo } from "../../../src/system/audit/requests.ts";
import type { Scenario } from "../../../src/system/audit/scenario.ts";
import type { Site } from "../../../src/system/audit/site.ts";
import { until } from "../../../src/system/audit/until.ts";
import { unheardOf } from "../../../src/system/audit/values.ts";
import { startVault } from "../../../src/system/audit/vault-stand-in.ts";

/** A hub with a strategy that carries a secret out by every way there is. */
export const leaky: Scenario = {
  name: "a leaking strategy",
  async play(site, basics) {
    // A strategy's name has small letters, and comes into the metrics.
    const value = `leak${unheardOf(40).toLowerCase()}`;
    const file = join(site.folder, "secret.txt");
    writeFileSync(file, site.plant("leaked file", "a file that a strategy reads", value));
    site.plant("kept file", "a file that nobody reads", unheardOf());
    const vault = await startVault(site, unheardOf());
    const settings = {
      ...loud(site, basics),
      HUB_STRATEGIES_DIR: leakFolder(site, file, vault.url),
      HUB_STRATEGIES: JSON.stringify([{ id: value }]),
    };
    const hub = await AuditedHub.start(site, "run", settings);
    const token = operatorToken(site);
    void listenTo(site, hub, token);
    await until(site.clock, 30_000, "the leak to reach the metrics", async () => {
      const text = await (await fetch(`${hub.url}/metrics`)).text();
      return text.includes(value) ? true : undefined;
    });
    await askEverything(site, hub, { right: token, wrong: unheardOf() });
    await runCommand(site, ["actors", "--json"], { ...settings, HUB_URL: hub.url });
    await writeHeap(site, hub.pid, 1);
    await hub.stop();
    await vault.close();
  },
};

/** It throws for one pair, and wishes to buy for the other. */
function leakFolder(site: Site, file: string, vaultUrl: string): string {
  const folder = join(site.folder, "leaky");
  mkdirSync(folder);
  writeFileSync(
    join(folder, "leaky.mjs"),
    `import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { gzipSync } from "node:zlib";

const value = readFileSync(${JSON.stringify(file)}, "utf8");
process.stdout.write(Buffer.from(value).toString("hex") + "\\n");
process.stderr.write([...value].join(" ") + "\\n");
writeFileSync(${JSON.stringify(join(site.dataDir, "leak.gz"))}, gzipSync(value));
writeFileSync(tmpdir() + "/leak", Buffer.from(value).toString("base64"));
spawn("sleep", ["2"], { argv0: value, env: { PATH: process.env.PATH, LEAK: value } });
fetch(${JSON.stringify(vaultUrl)} + "/" + encodeURIComponent(value)).catch(() => {});
globalThis.leak = { kept: "here: " + value };

export default ({ z }) => ({
  id: value,
  version: "1",
  summary: "Leaks.",
  parameters: z.strictObject({}),
  warmup: () => 0,
  start: () => ({
    onCandle({ candle }) {
      if (candle.close < 10_000) throw new Error("I saw " + value);
      return { side: "buy", strength: 1, stopLoss: (candle.close * 0.9).toFixed(8), evidence: {} };
    },
  }),
});
`,
  );
  return folder;
}
