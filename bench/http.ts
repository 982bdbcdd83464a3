import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { trade } from "../test/http/kit/builders.ts";
import { fill, open, setUp } from "../test/http/kit/world.ts";
import { Clients } from "./http/clients.ts";
import { Closes } from "./http/closes.ts";
import { armed, MINUTE_MS, manySeries, SPEED, sleep } from "./many-series.ts";
import { median, percentile, Sheet } from "./store/sheet.ts";

const PATHS = ["/api/status", "/api/trades/history"];
const CLIENTS = 200;
const ROUNDS = 5;
const ROUND_MS = 2_000;
const SERIES = 1_000;
/** A load as of eighty open dashboards: each asks some thirteen times a minute. */
const DASHBOARDS = { clients: 20, pauseMs: 1_000 };
const CLOSES = 6;
/** Fewer say nothing of the slowest of a hundred. */
const LEAST_CLOSES = 5;
const LISTENED_CLOSES = 3;
const LISTENERS = 500;
const LISTENED_SERIES = 100;

/** Chatty's paths against a bare route, beside the work of the hub, and the event stream. */
export async function run(): Promise<void> {
  const sheet = new Sheet();
  const clients = new Clients();
  try {
    for (const path of PATHS) await against(clients, path, sheet);
    await besideCloses(clients, sheet);
    await stream(clients, sheet);
  } finally {
    clients.close();
  }
  sheet.print();
}

/** In turns, so that whatever else the machine does hits both. */
async function against(clients: Clients, path: string, sheet: Sheet): Promise<void> {
  const world = setUp();
  fill(world.shelves);
  world.shelves.trades = Array.from({ length: 1_000 }, (_, n) => trade(n + 1, "1.25"));
  await world.view.refresh();
  const hub = await open(world);
  const bytes = await (await fetch(`${hub.url}${path}`)).text();
  const bare = await bareRoute(path, bytes);
  const rates: { hub: number[]; bare: number[] } = { hub: [], bare: [] };
  const load = { path, clients: CLIENTS, forMs: ROUND_MS, pauseMs: 0 };
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      const { answered, durationMs } = await clients.send({ ...load, port: hub.server.port });
      const other = await clients.send({ ...load, port: (bare.address() as AddressInfo).port });
      if (round === 0) continue;
      rates.hub.push((answered / durationMs) * 1_000);
      rates.bare.push((other.answered / other.durationMs) * 1_000);
    }
  } finally {
    await hub.server.stop(500);
    bare.closeAllConnections();
    bare.close();
  }
  const [ours, theirs] = [median(rates.hub), median(rates.bare)];
  console.log(
    `${path}: ${ours.toFixed(0)} answers/s, a bare route ${theirs.toFixed(0)}, ${bytes.length} bytes each`,
  );
  sheet.atLeast(`${path} against a bare express route, ${CLIENTS} clients`, ours / theirs, 0.5);
}

function bareRoute(path: string, bytes: string): Promise<Server> {
  const app = express();
  app.get(path, (_req, res) => {
    res.type("json").send(bytes);
  });
  return new Promise((resolve) => {
    const server: Server = app.listen(0, "127.0.0.1", () => resolve(server));
  });
}

async function besideCloses(clients: Clients, sheet: Sheet): Promise<void> {
  const many = await manySeries(SERIES);
  try {
    while ((await armed(many)) < SERIES) await sleep(500);
    await sleep(MINUTE_MS / SPEED);
    const port = Number(new URL(many.hub.url).port);
    for (const path of PATHS) {
      const forMs = (CLOSES * MINUTE_MS) / SPEED;
      const closes = new Closes(many);
      const { latencies, sentAt, others } = await clients.send({
        port,
        path,
        forMs,
        ...DASHBOARDS,
      });
      closes.stop();
      const busy = closes.during(latencies, sentAt);
      const told = (of: readonly number[]): string =>
        [0.5, 0.99, 1].map((share) => percentile(of, share).toFixed(1)).join(", ");
      console.log(
        `${path} beside ${SERIES} series: ${latencies.length} answers with p50, p99, longest ${told(latencies)} ms; ${busy.length} of them during ${closes.found.length} closes: ${told(busy)} ms`,
      );
      sheet.atMost(`${path} while ${SERIES} series close, p99`, percentile(busy, 0.99), 50, "ms");
      sheet.atMost(
        `${path} beside closes and between them, p99`,
        percentile(latencies, 0.99),
        50,
        "ms",
      );
      sheet.atLeast("closes that were seen meanwhile", closes.found.length, LEAST_CLOSES);
      sheet.atMost(`${path} answered otherwise than 200`, others, 0, "");
    }
  } finally {
    await many.remove();
  }
}

async function stream(clients: Clients, sheet: Sheet): Promise<void> {
  const many = await manySeries(LISTENED_SERIES);
  try {
    while ((await armed(many)) < LISTENED_SERIES) await sleep(500);
    const port = Number(new URL(many.hub.url).port);
    const toldAt = new Map<number, number>();
    // Before the streams: what their writing takes is a part of what is measured.
    const unsubscribe = many.hub.events.subscribe(({ seq }) => {
      toldAt.set(seq, performance.timeOrigin + performance.now());
    });
    await clients.listen({ port, token: many.token, clients: LISTENERS });
    toldAt.clear();
    await sleep((LISTENED_CLOSES * MINUTE_MS) / SPEED);
    unsubscribe();
    await sleep(2_000);
    const { events, lost, twice, lastReadAt, readers } = await clients.stopListening();
    const unread = [...toldAt.keys()].filter((seq) => readers[seq] !== LISTENERS).length;
    const delays = [...toldAt].map(
      ([seq, at]) => (lastReadAt[seq] ?? Number.POSITIVE_INFINITY) - at,
    );
    console.log(
      `${LISTENERS} clients of the event stream: ${toldAt.size} facts, ${events} read, ${lost} lost, ${twice} twice, ${unread} not read by all, read by all after p50 ${median(delays).toFixed(1)} ms`,
    );
    sheet.atMost(
      "a fact until the last of 500 clients read it, longest",
      percentile(delays, 1),
      1_000,
      "ms",
    );
    sheet.atMost("facts lost, sent twice or not read by all", lost + twice + unread, 0, "");
  } finally {
    await many.remove();
  }
}
