import type { Board, Row } from "../kit/board.ts";
import { lines, stat, table } from "../kit/kinds.ts";
import { max, pick, quantile, rate, sum } from "../kit/query.ts";
import { atMost } from "../kit/steps.ts";

const TIME = "http_request_duration_seconds";

const requests: Row = {
  title: "Is the API well?",
  panels: [
    lines({
      title: "Requests",
      about: "Each second, by the class of the answer.",
      unit: "reqps",
      stacked: true,
      runbook: "EngineHttpErrorBudgetBurn",
      queries: [{ expr: sum("status", rate(`${TIME}_count`)), legend: "{{status}}" }],
      width: 8,
    }),
    lines({
      title: "Time to answer",
      about: "Half, 95 and 99 of a hundred answers.",
      unit: "s",
      runbook: "EngineHttpSlow",
      queries: [
        { expr: quantile(0.5, "", TIME), legend: "p50" },
        { expr: quantile(0.95, "", TIME), legend: "p95" },
        { expr: quantile(0.99, "", TIME), legend: "p99" },
      ],
      width: 8,
    }),
    lines({
      title: "Being answered, and listening",
      about: "Requests in hand, and clients of the event stream.",
      unit: "short",
      runbook: "EngineHttpSlow",
      queries: [
        { expr: max("", pick("http_requests_in_flight")), legend: "requests" },
        { expr: max("", pick("engine_sse_clients")), legend: "event clients" },
      ],
      width: 8,
    }),
    table({
      title: "Slowest routes",
      about: "Mean time to answer over the last minutes.",
      unit: "s",
      runbook: "EngineHttpSlow",
      queries: [
        {
          expr: `topk(15, ${sum("method, route", rate(`${TIME}_sum`))} / ${sum("method, route", rate(`${TIME}_count`))} > 0)`,
        },
      ],
      columns: { method: "Method", route: "Route", Value: "Mean time" },
      width: 12,
      height: 9,
    }),
    table({
      title: "Routes that fail",
      about: "Answers of 400 and more each second. 5xx is ours to mend.",
      unit: "reqps",
      runbook: "EngineHttpErrorBudgetBurn",
      queries: [
        {
          expr: `topk(15, ${sum("method, route, status", rate(`${TIME}_count`, 'status=~"[45].."'))})`,
        },
      ],
      columns: { method: "Method", route: "Route", status: "Status", Value: "Each second" },
      width: 12,
      height: 9,
    }),
  ],
};

const database: Row = {
  title: "Is the database well?",
  panels: [
    lines({
      title: "Slowest operations",
      about:
        "99 of a hundred calls of each database function took at most this long; the ten slowest.",
      unit: "s",
      runbook: "EngineStoreSlow",
      queries: [
        {
          expr: `topk(10, ${quantile(0.99, "operation", "engine_db_operation_duration_seconds")})`,
          legend: "{{operation}}",
        },
      ],
      width: 12,
      height: 9,
    }),
    lines({
      title: "Connections",
      about: "Of the pool, by what they do. Waiting ones are calls that found no free connection.",
      unit: "short",
      stacked: true,
      runbook: "EngineStoreSlow",
      queries: [{ expr: sum("state", pick("engine_db_pool_connections")), legend: "{{state}}" }],
      width: 6,
      height: 9,
    }),
    table({
      title: "Size",
      about: "On disk with indexes.",
      unit: "bytes",
      runbook: "EngineStoreGrowth",
      queries: [{ expr: `topk(15, ${max("table", pick("engine_store_bytes"))})` }],
      columns: { table: "Table", Value: "Size" },
      width: 6,
      height: 9,
    }),
  ],
};

const process: Row = {
  title: "Is the process well?",
  panels: [
    stat({
      title: "Version",
      about: "What runs, and for how long.",
      unit: "s",
      runbook: "EngineDown",
      queries: [
        {
          expr: `max by (version) (time() - ${pick("process_start_time_seconds")} + on (job, instance) group_left (version) 0 * ${pick("engine_build_info")})`,
          legend: "{{version}}, up for",
        },
      ],
      width: 4,
      height: 7,
    }),
    lines({
      title: "Garbage collection",
      about: "Share of the time spent on it, by kind.",
      unit: "percentunit",
      runbook: "EngineEventLoopLag",
      queries: [{ expr: sum("kind", rate("nodejs_gc_duration_seconds_sum")), legend: "{{kind}}" }],
      width: 6,
    }),
    lines({
      title: "Open files",
      about: "Files and sockets, and how many there may be.",
      unit: "short",
      runbook: "EngineFileDescriptorsHigh",
      queries: [
        { expr: max("", pick("process_open_fds")), legend: "open" },
        { expr: max("", pick("process_max_fds")), legend: "limit" },
      ],
      width: 7,
    }),
    lines({
      title: "Time of a scrape",
      about:
        "How long the hub took to write its figures down for Prometheus. Nothing else runs meanwhile.",
      unit: "s",
      runbook: "EngineScrapeSlow",
      queries: [{ expr: max("", pick("engine_scrape_duration_seconds")), legend: "scrape" }],
      steps: atMost(0.05, 0.25),
      limits: true,
      width: 7,
    }),
    lines({
      title: "Notifications",
      about: "Sent, tried again and given up, by channel.",
      unit: "cps",
      runbook: "EngineNotificationsFailing",
      queries: [
        {
          expr: sum("channel, outcome", rate("engine_notifications_total")),
          legend: "{{channel}} {{outcome}}",
        },
      ],
      width: 12,
    }),
    lines({
      title: "Notifications waiting",
      about: "Stored and not delivered yet, by channel.",
      unit: "short",
      runbook: "EngineNotificationsFailing",
      queries: [
        { expr: max("channel", pick("engine_notifications_pending")), legend: "{{channel}}" },
      ],
      width: 12,
    }),
  ],
};

/** What the hub runs on: its API, its database, its process. */
export const http: Board = {
  uid: "engine-http",
  title: "HTTP and process",
  about: "Are the API, the database and the process well, and do notifications get out?",
  choices: [],
  rows: [requests, database, process],
};
