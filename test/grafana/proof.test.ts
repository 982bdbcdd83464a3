import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../e2e/kit/hub-process.ts";
import { withPrograms } from "../kit/on-prometheus.ts";
import { committedBoards, labelQueryOf, queriesOf } from "./live/boards.ts";
import { BusyHub } from "./live/busy-hub.ts";
import { fillIn } from "./live/fill-in.ts";
import { Prometheus } from "./live/prometheus.ts";

const RULES = new URL("../../grafana/prometheus/rules/", import.meta.url).pathname;
const SHOWN_MS = 30_000;

withPrograms("what a busy hub tells a real Prometheus", ["prometheus"], () => {
  let busy: BusyHub;
  let prometheus: Prometheus;

  beforeAll(async () => {
    busy = await BusyHub.start();
    prometheus = await Prometheus.start({ hubs: [busy.hub.url], rules: [`${RULES}*.yml`] });
    await busy.killHarvester();
    const hasTraded = async () => (await prometheus.now("sum(engine_fills_total) > 0")).length > 0;
    await until(hasTraded, 90_000, "the first fill");
    const isWatched = async () =>
      (await prometheus.now("count_over_time(up[1m]) >= 40")).length > 0;
    await until(isWatched, 60_000, "forty scrapes");
  }, 240_000);

  afterAll(async () => {
    await prometheus?.stop();
    await busy?.stop();
  }, 60_000);

  describe.each(committedBoards())("$name", ({ panels, variables }) => {
    it("has figures in every panel", async () => {
      const empty: string[] = [];
      const now = Date.now();
      for (const panel of panels) {
        for (const { expr } of queriesOf(panel)) {
          const series = await prometheus.range(fillIn(expr), now - SHOWN_MS, now, 1_000);
          const points = series.flatMap(({ values }) => values.map(([, value]) => Number(value)));
          if (!points.some((point) => !Number.isNaN(point))) empty.push(`${panel.title}: ${expr}`);
        }
      }
      expect(empty).toEqual([]);
    });

    it("offers something to choose from in every variable", async () => {
      const empty: string[] = [];
      for (const variable of variables) {
        const query = labelQueryOf(variable);
        if (query === undefined) continue;
        const values = await prometheus.labelValues(query.label, fillIn(query.match));
        if (values.length === 0) empty.push(variable.name);
      }
      expect(empty).toEqual([]);
    });
  });

  it("lets every rule be evaluated, on what a real hub tells", async () => {
    const isJudged = async () =>
      (await prometheus.rules()).every(({ health }) => health !== "unknown");
    await until(isJudged, 30_000, "every rule to be evaluated");
    const rules = await prometheus.rules();
    expect(rules.length).toBeGreaterThan(readdirSync(RULES).length);
    expect(rules.filter(({ health }) => health !== "ok")).toEqual([]);
  });
});
