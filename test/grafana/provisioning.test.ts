import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { packageRoot } from "../../src/system/package-root.ts";

const GRAFANA = join(packageRoot, "grafana");
const yaml = (path: string): unknown =>
  parse(readFileSync(join(GRAFANA, path), "utf8"), { merge: true });

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly image: string;
        readonly command?: readonly string[];
        readonly volumes: readonly string[];
        readonly network_mode: string;
        readonly read_only: boolean;
        readonly cap_drop: readonly string[];
        readonly environment?: Readonly<Record<string, string>>;
      }
    >
  >;
  readonly volumes: Readonly<Record<string, null>>;
}
const compose = yaml("compose.yaml") as Compose;
const services = Object.entries(compose.services).map(([name, service]) => ({ name, ...service }));

describe("what Grafana is provisioned with", () => {
  test("asks Prometheus where it listens, in windows of its scrapes", () => {
    const { datasources } = yaml("provisioning/datasources/prometheus.yml") as {
      datasources: { url: string; uid: string; jsonData: { timeInterval: string } }[];
    };
    const { global } = yaml("prometheus/prometheus.yml") as { global: { scrape_interval: string } };
    const listens = compose.services["prometheus"]?.command?.join(" ") ?? "";
    expect(datasources).toHaveLength(1);
    expect(listens).toContain(new URL(datasources[0]?.url ?? "").host);
    expect(datasources[0]?.jsonData.timeInterval).toBe(global.scrape_interval);
  });

  test("finds the dashboards where the containers have them", () => {
    const { providers } = yaml("provisioning/dashboards/hub.yml") as {
      providers: { options: { path: string } }[];
    };
    const mounted = compose.services["grafana"]?.volumes.map((volume) => volume.split(":")[1]);
    expect(mounted).toContain(providers[0]?.options.path);
  });

  test("shows runbooks where alerts and panels say they are", () => {
    const { global } = yaml("prometheus/prometheus.yml") as {
      global: { external_labels: { runbooks: string } };
    };
    const { pathname } = new URL(global.external_labels.runbooks);
    const board = readFileSync(join(GRAFANA, "dashboards/engine-overview.json"), "utf8");
    const volumes = compose.services["grafana"]?.volumes ?? [];
    expect(board).toContain(`"query": "${pathname}"`);
    expect(volumes).toContain(`../docs/runbooks:/usr/share/grafana${pathname}:ro`);
  });
});

describe("the containers beside a hub", () => {
  test.each(services)(
    "$name is a version that was chosen, not the newest there is",
    ({ image }) => {
      expect(image).toMatch(/^[\w/-]+:v?\d+\.\d+\.\d+$/);
    },
  );

  test.each(services)(
    "$name may do nothing but its work, and only loopback hears it",
    (service) => {
      const { read_only, cap_drop, network_mode, command = [], environment = {} } = service;
      expect({ read_only, cap_drop, network_mode }).toEqual({
        read_only: true,
        cap_drop: ["ALL"],
        network_mode: "host",
      });
      expect([...command, ...Object.values(environment)].join(" ")).toContain("127.0.0.1");
    },
  );

  test.each(services)("$name mounts only what is there", ({ volumes }) => {
    for (const volume of volumes) {
      const source = volume.split(":")[0] ?? "";
      const isThere = source.startsWith(".")
        ? existsSync(join(GRAFANA, source))
        : source in compose.volumes;
      expect([source, isThere]).toEqual([source, true]);
    }
  });
});
