import { LastGate } from "./halts/last-gate.ts";
import { armed, type ManySeries, manySeries, sleep } from "./many-series.ts";
import { percentile, printTimes, Sheet } from "./store/sheet.ts";

const SERIES = 500;
const ROUNDS = 300;
/** Promised of the slowest of a hundred. */
const PROMISE_MS = 100;
/** No two rounds meet the work of a close at the same place. */
const PAUSES_MS = [10, 70, 130, 190];

/** How soon a halt is written down and answered, and how soon nothing is sent any more, while a hub is at work. */
export async function run(): Promise<void> {
  const sheet = new Sheet();
  const many = await manySeries(SERIES);
  try {
    while ((await armed(many)) < SERIES) await sleep(500);
    const answered = await acknowledged(many);
    printTimes(`halt through the API beside ${SERIES} series`, answered);
    sheet.atMost("a halt is acknowledged, p99", percentile(answered, 0.99), PROMISE_MS, "ms");
    const { sent, effective } = await atTheGate();
    printTimes(`last order after a halt, ${sent} sent meanwhile`, effective);
    sheet.atMost("a halt is effective, p99", percentile(effective, 0.99), PROMISE_MS, "ms");
    // A gate through which nothing goes anyway says nothing of halts.
    sheet.atLeast("orders sent for each halt", sent / ROUNDS, 1);
  } finally {
    await many.remove();
  }
  sheet.print();
}

async function acknowledged(many: ManySeries): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const scope = { kind: "strategy", strategy: `bench-${round % 5}` };
    times.push(await timedPost(many, "/api/v1/halt", { scope }));
    await timedPost(many, "/api/v1/resume", { scope });
    await sleep(PAUSES_MS[round % PAUSES_MS.length] ?? 0);
  }
  return times;
}

async function timedPost({ hub, token }: ManySeries, path: string, wish: unknown): Promise<number> {
  const startedAt = performance.now();
  const answer = await fetch(`${hub.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(wish),
  });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return performance.now() - startedAt;
}

/** From the wish until the last order that was still taken to the venue; 0 where none was. */
async function atTheGate(): Promise<{ readonly sent: number; readonly effective: number[] }> {
  const gate = await LastGate.open();
  const effective: number[] = [];
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      await sleep(PAUSES_MS[round % PAUSES_MS.length] ?? 0);
      const wishedAt = performance.now();
      await gate.halt();
      await gate.sendSome();
      effective.push(Math.max(0, gate.lastPlacedAt - wishedAt));
      await gate.resume();
    }
    return { sent: gate.placed, effective };
  } finally {
    await gate.close();
  }
}
