import { describe, expect, test } from "vitest";
import type { ActorNode, ProcessFigures } from "../../src/runtime/spec.ts";
import { BTC, NOW, setUp } from "./kit.ts";

const HARVESTER = "commander/harvesters/harvester:binance";
const FIGURES: ProcessFigures = {
  residentBytes: 100e6,
  heapUsedBytes: 50e6,
  cpuSeconds: 10,
  loopLagP99Ms: 20,
};
const slot = 'slot="harvester:binance"';
const cpu = `engine_process_cpu_seconds_total{${slot}}`;

describe("the metrics of processes", () => {
  test("go on counting where the process before ended", async () => {
    const { metrics, value } = setUp();
    const beat = (cpuSeconds: number) =>
      metrics.onKitEvent({ kind: "beat", actor: HARVESTER, figures: { ...FIGURES, cpuSeconds } });
    beat(10);
    beat(12);
    expect(await value(cpu)).toBe(12);
    metrics.onKitEvent({ kind: "started", actor: HARVESTER, durationMs: 900 });
    beat(13); // busier at its first heartbeat than the one before ever was
    beat(15);
    expect(await value(cpu)).toBe(27);
    expect(await value(`engine_process_resident_memory_bytes{${slot}}`)).toBe(100e6);
    expect(await value(`engine_process_eventloop_lag_p99_seconds{${slot}}`)).toBe(0.02);
  });

  test("show the last figures of a silent process, and that they are old", async () => {
    const { clock, metrics, value } = setUp();
    metrics.onKitEvent({ kind: "beat", actor: HARVESTER, figures: FIGURES });
    await clock.advance(10_000);
    expect(await value(`engine_metrics_child_stale{${slot}}`)).toBe(0);
    await clock.advance(1);
    expect(await value(`engine_metrics_child_stale{${slot}}`)).toBe(1);
    expect(await value(`engine_process_heap_used_bytes{${slot}}`)).toBe(50e6);
    expect(await value('engine_heartbeat_timestamp_seconds{actor="harvester:binance"}')).toBe(
      NOW / 1_000,
    );
  });

  test("let go of an actor that was stopped, but of no second it used", async () => {
    const { metrics, value } = setUp();
    metrics.onKitEvent({ kind: "beat", actor: HARVESTER, figures: FIGURES });
    metrics.onKitEvent({ kind: "stopped", actor: HARVESTER, reason: "nobody follows it" });
    expect(await value(`engine_metrics_child_stale{${slot}}`)).toBeUndefined();
    expect(await value(`engine_process_resident_memory_bytes{${slot}}`)).toBeUndefined();
    expect(await value(cpu)).toBe(10);
  });

  test("count the actors of a kind by their state, those of none at zero", async () => {
    const { metrics, value } = setUp();
    const analyst = (id: string, state: ActorNode["state"]): ActorNode => ({
      id: `commander/analysts/analyst:${id}`,
      kind: "actor",
      state,
      restarts: 0,
      mailboxDepth: 0,
      children: [],
    });
    const children = [analyst("a", "up"), analyst("b", "up"), analyst("c", "parked")];
    const root = { id: "root", kind: "supervisor", state: "up", restarts: 0 } as const;
    metrics.onTree({ ...root, mailboxDepth: 0, children });

    expect(await value('engine_actors{actor="analyst",state="up"}')).toBe(2);
    expect(await value('engine_actors{actor="analyst",state="parked"}')).toBe(1);
    expect(await value('engine_actors{actor="analyst",state="backoff"}')).toBe(0);
  });
});

describe("the metrics of exchanges and the vault", () => {
  test("open the circuit when the exchange bans us, until it answers again", async () => {
    const { tell, value } = setUp();
    const open = 'engine_circuit_state{exchange="binance",state="open"}';
    const polled = (outcome: "ok" | "failed" | "banned") =>
      tell({ kind: "poll-finished", series: BTC, outcome, attempt: 1, durationMs: 1 });
    polled("ok");
    expect(await value(open)).toBe(0);
    polled("banned");
    polled("failed"); // says nothing about the ban
    expect(await value(open)).toBe(1);
    polled("ok");
    expect(await value(open)).toBe(0);
    expect(await value('engine_circuit_state{exchange="binance",state="closed"}')).toBe(1);
  });

  test("count gaps that open, and not those that an earlier run left", async () => {
    const { metrics, tell, value } = setUp();
    const opened = 'engine_candle_gaps_opened_total{exchange="binance",timeframe="15m"}';
    metrics.setOpenGaps([{ ...BTC, openTime: NOW }]);
    expect(await value(opened)).toBe(0);
    tell({ kind: "gap-opened", series: BTC, openTime: NOW });
    tell({ kind: "gap-opened", series: BTC, openTime: NOW + 900_000 });
    expect(await value(opened)).toBe(1);
  });

  test("count the series that are followed, each once", async () => {
    const { metrics, value } = setUp();
    const watched = 'engine_series_watched{exchange="binance",timeframe="15m"}';
    metrics.setPortfolios([
      { name: "swing", series: [BTC] },
      { name: "majors", series: [BTC, { ...BTC, pair: "ETH/USDT" }] },
    ]);
    expect(await value(watched)).toBe(2);
    metrics.setPortfolios([]);
    expect(await value(watched)).toBeUndefined();
  });

  test("tell how old a lent secret is, and when the ledger was last whole", async () => {
    const { metrics, tell, value } = setUp();
    const verified = "engine_audit_verify_last_success_timestamp_seconds";
    metrics.setLentSecrets([{ secret: "broker:oanda", ageMs: 5_000, leaseMs: 900_000 }]);
    metrics.secrets.know("embedded");
    metrics.secrets.asked("embedded", 4);
    metrics.secrets.written("granted");
    expect(await value('engine_vault_cache_age_seconds{path="broker:oanda"}')).toBe(5);
    expect(await value('engine_vault_lease_ttl_seconds{path="broker:oanda"}')).toBe(900);
    expect(await value('engine_vault_request_duration_seconds_count{backend="embedded"}')).toBe(1);
    expect(await value('engine_audit_records_total{kind="granted"}')).toBe(1);
    tell({ kind: "ledger-broken", line: 1, reason: "altered" });
    expect(await value(verified)).toBeUndefined();
    tell({ kind: "ledger-verified", lines: 9 });
    expect(await value(verified)).toBe(NOW / 1_000);
  });

  test("count leases gained and lost", async () => {
    const { metrics, tell, value } = setUp();
    metrics.setLeases([{ name: "trader", isHeld: false }]);
    const changes = 'engine_lease_transitions_total{lease="trader",change=';
    expect(await value(`${changes}"lost"}`)).toBe(0);
    tell({ kind: "lease-gained", lease: "trader", epoch: 1 });
    tell({ kind: "lease-lost", lease: "trader", reason: "late" });
    expect(await value(`${changes}"gained"}`)).toBe(1);
    expect(await value(`${changes}"lost"}`)).toBe(1);
  });
});
