import { afterAll, beforeAll, expect, it } from "vitest";
import { dataFolder, HubProcess, until } from "../e2e/kit/hub-process.ts";
import { withPrograms } from "../kit/on-prometheus.ts";
import { startAlertmanager, Webhook } from "./live/alertmanager.ts";
import type { Daemon } from "./live/daemon.ts";
import { Prometheus } from "./live/prometheus.ts";
import { PROMETHEUS } from "./rule-files.ts";

const PATIENCE_MS = 60_000;

withPrograms("an alert", ["prometheus", "prometheus-alertmanager"], () => {
  const folder = dataFolder();
  const webhook = new Webhook();
  let hub: HubProcess;
  let alertmanager: Daemon;
  let prometheus: Prometheus;

  beforeAll(async () => {
    hub = await HubProcess.start(folder.path);
    alertmanager = await startAlertmanager(await webhook.listen());
    const rules = [`${PROMETHEUS}rules/*.yml`];
    const watched = { hubs: [hub.url], rules, alertmanager: alertmanager.url };
    prometheus = await Prometheus.start(watched);
  }, 180_000);

  afterAll(async () => {
    await prometheus?.stop();
    await alertmanager?.stop();
    await webhook.close();
    await hub?.stop();
    folder.remove();
  }, 60_000);

  const told = (status: string) =>
    webhook.delivered.find(
      (one) => one.status === status && one.labels["alertname"] === "EngineTradingHalted",
    );

  it("goes from the hub to whoever is on duty, and is taken back", {
    timeout: 180_000,
  }, async () => {
    await hub.post("/api/v1/halt", { reason: "a storm" });
    const firing = await until(() => told("firing"), PATIENCE_MS, "the alert");
    expect(firing.labels).toMatchObject({ severity: "info", reason: "operator" });
    expect(firing.annotations["runbook_url"]).toMatch(/\/EngineTradingHalted\.md$/);
    expect(told("resolved")).toBeUndefined();

    await hub.post("/api/v1/resume", {});
    const resolved = await until(() => told("resolved"), PATIENCE_MS, "its end");
    expect(resolved.labels).toEqual(firing.labels);
  });
});
