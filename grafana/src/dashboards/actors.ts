import type { Board, Row } from "../kit/board.ts";
import { bars, lines, stat, table, timeline } from "../kit/kinds.ts";
import { max, pick, quantile, rate, sum } from "../kit/query.ts";
import { atMost, NEVER } from "../kit/steps.ts";

const tree: Row = {
  title: "Does the tree stand?",
  panels: [
    stat({
      title: "Actors by state",
      about:
        "All of them should be up. A parked one has failed too often, and stays down until somebody starts it.",
      unit: "short",
      runbook: "EngineActorParked",
      queries: [{ expr: sum("state", pick("engine_actors")), legend: "{{state}}" }],
      width: 8,
      height: 7,
    }),
    timeline({
      title: "Kinds of actors",
      about: "Up where every actor of the kind runs.",
      unit: "short",
      runbook: "EngineActorParked",
      queries: [{ expr: `1 - min by (actor) (${pick("engine_actor_up")})`, legend: "{{actor}}" }],
      steps: NEVER,
      words: { 0: "up", 1: "not all up" },
      width: 16,
    }),
    bars({
      title: "Restarts",
      about: "By kind and reason. One now and then heals itself; a storm has a cause.",
      unit: "short",
      runbook: "EngineActorRestartStorm",
      queries: [
        {
          expr: `sum by (actor, reason) (increase(${pick("engine_actor_restarts_total")}[$__rate_interval]))`,
          legend: "{{actor}} {{reason}}",
        },
      ],
      width: 16,
    }),
    stat({
      title: "Failures passed up",
      about:
        "Within the time shown. A supervisor gave up on a child: what stands above it was restarted too.",
      unit: "short",
      decimals: 0,
      runbook: "EngineEscalation",
      queries: [{ expr: sum("", `increase(${pick("engine_actor_escalations_total")}[$__range])`) }],
      steps: NEVER,
      width: 8,
      height: 7,
    }),
  ],
};

const messages: Row = {
  title: "Do messages get through?",
  panels: [
    lines({
      title: "Fullest mailbox",
      about:
        "Messages that wait in the fullest mailbox of each kind. It rises at a close, and falls at once.",
      unit: "short",
      runbook: "EngineMailboxBacklog",
      queries: [{ expr: max("actor", pick("engine_actor_mailbox_depth")), legend: "{{actor}}" }],
      steps: atMost(100, 1_000),
      width: 12,
    }),
    lines({
      title: "Messages handled",
      about: "Each second, by kind.",
      unit: "mps",
      runbook: "EngineMailboxBacklog",
      queries: [
        {
          expr: sum("actor", rate("engine_actor_messages_total", 'outcome="ok"')),
          legend: "{{actor}}",
        },
      ],
      width: 12,
    }),
    lines({
      title: "Handling time",
      about: "99 of a hundred messages were handled within this time.",
      unit: "s",
      runbook: "EngineMailboxBacklog",
      queries: [
        {
          expr: quantile(0.99, "actor", "engine_actor_message_duration_seconds"),
          legend: "p99 {{actor}}",
        },
      ],
      width: 8,
    }),
    lines({
      title: "Time in the mailbox",
      about: "99 of a hundred messages waited at most this long before they were handled.",
      unit: "s",
      runbook: "EngineMailboxBacklog",
      queries: [
        {
          expr: quantile(0.99, "actor", "engine_actor_message_wait_seconds"),
          legend: "p99 {{actor}}",
        },
      ],
      width: 8,
    }),
    lines({
      title: "Messages that failed or were lost",
      about:
        "Failed: the handler threw, and its actor was restarted. Dead letter: nobody was there to take it.",
      unit: "mps",
      runbook: "EngineActorRestartStorm",
      queries: [
        {
          expr: sum("actor, outcome", rate("engine_actor_messages_total", 'outcome!="ok"')),
          legend: "{{actor}} {{outcome}}",
        },
      ],
      width: 8,
    }),
    table({
      title: "Where the time goes",
      about: "Seconds of handling in each second, by kind and topic, over the last minutes.",
      unit: "percentunit",
      decimals: 2,
      runbook: "EngineMailboxBacklog",
      queries: [
        {
          expr: `topk(15, ${sum("actor, topic", rate("engine_actor_message_duration_seconds_sum"))})`,
        },
      ],
      columns: { actor: "Actor", topic: "Topic", Value: "Share of a core" },
      steps: atMost(0.5, 0.9),
      width: 24,
      height: 9,
    }),
  ],
};

const processes: Row = {
  title: "How are the processes?",
  panels: [
    lines({
      title: "Memory",
      about:
        "Of the hub's own process and of each forked actor's. A line that only rises is a leak.",
      unit: "bytes",
      runbook: "EngineMemoryHigh",
      queries: [
        {
          expr: max("slot", pick("engine_process_resident_memory_bytes")),
          legend: "resident {{slot}}",
        },
        { expr: max("slot", pick("engine_process_heap_used_bytes")), legend: "heap {{slot}}" },
      ],
      width: 8,
    }),
    lines({
      title: "Event loop delay",
      about: "99 of a hundred delays, by process. Above a quarter of a second, verdicts come late.",
      unit: "s",
      runbook: "EngineEventLoopLag",
      queries: [
        { expr: max("slot", pick("engine_process_eventloop_lag_p99_seconds")), legend: "{{slot}}" },
      ],
      steps: atMost(0.1, 0.25),
      limits: true,
      width: 8,
    }),
    lines({
      title: "Processor",
      about: "Cores in use, by process.",
      unit: "short",
      runbook: "EngineEventLoopLag",
      queries: [
        { expr: sum("slot", rate("engine_process_cpu_seconds_total")), legend: "{{slot}}" },
      ],
      width: 8,
    }),
    timeline({
      title: "Are the figures of forks fresh?",
      about:
        "Stale: the process has not told its figures for a while, so that the ones above are its last.",
      unit: "short",
      runbook: "EngineForkFiguresStale",
      queries: [{ expr: max("slot", pick("engine_metrics_child_stale")), legend: "{{slot}}" }],
      steps: NEVER,
      words: { 0: "fresh", 1: "stale" },
      width: 8,
    }),
    lines({
      title: "Since the last heartbeat",
      about:
        "Of actors in processes of their own. Beyond a few seconds the process is ended and replaced.",
      unit: "s",
      runbook: "EngineForkFiguresStale",
      queries: [
        {
          expr: `time() - max by (actor) (${pick("engine_heartbeat_timestamp_seconds")})`,
          legend: "{{actor}}",
        },
      ],
      width: 8,
    }),
    timeline({
      title: "Leases",
      about: "Held: this hub polls the exchange, or trades. Stands by: another hub does.",
      unit: "short",
      runbook: "EngineLeaseUnheld",
      queries: [{ expr: max("lease", pick("engine_lease_held")), legend: "{{lease}}" }],
      steps: [
        [null, "blue"],
        [1, "green"],
      ],
      words: { 0: "stands by", 1: "held" },
      width: 8,
    }),
  ],
};

/** The tree of actors and the processes it lives in. */
export const actors: Board = {
  uid: "engine-actors",
  title: "Actors",
  about: "Does the tree stand, do messages get through, and how are the processes?",
  choices: [],
  rows: [tree, messages, processes],
};
