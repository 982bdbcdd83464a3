import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { sortVariables } from "../../src/config/env.ts";
import { ENV_NAMES, settingsSchema } from "../../src/config/settings.ts";
import { packageRoot, VERSION } from "../../src/system/package-root.ts";
import { complaints, composeFile, rawCompose } from "./compose.ts";
import { directive } from "./unit.ts";

const FILE = "deploy/compose.yaml";
const WATCH = "grafana/compose.yaml";
const compose = composeFile(FILE);
const services = Object.entries(compose.services).map(([name, service]) => ({ name, ...service }));
const hub = compose.services["hub"];
const fromHere = (path: string): string => join(packageRoot, dirname(FILE), path);

describe("the schema of the compose specification", () => {
  test.each([FILE, WATCH])("has nothing against %s", (path) => {
    expect(complaints(rawCompose(path))).toEqual([]);
  });

  test("would have something against a word that it does not know", () => {
    const misspelt = { services: { hub: { image: "hub", prots: ["127.0.0.1:5000:5000"] } } };
    expect(complaints(misspelt)).toEqual(['services.hub: Unrecognized key: "prots"']);
  });
});

describe("a hub in containers", () => {
  test("is watched by what stands in one file alone", () => {
    const watching = Object.keys(composeFile(WATCH).services);
    expect(compose.include.map((path) => fromHere(path))).toEqual([join(packageRoot, WATCH)]);
    expect(watching).toEqual(["prometheus", "alertmanager", "grafana"]);
    expect(services.map(({ name }) => name)).toEqual(["hub", "db"]);
  });

  test.each(services)("$name is a version that was chosen, not the newest there is", (service) => {
    expect(service.image).toMatch(/^[\w-]+:\d+\.\d+(\.\d+)?(-bookworm)?$/);
  });

  test("is built from this project, under its version", () => {
    const { context = "", dockerfile = "" } = hub?.build ?? {};
    expect(hub?.image).toBe(`oracle-trading-hub:${VERSION}`);
    expect(relative(packageRoot, fromHere(context))).toBe("");
    expect(existsSync(join(fromHere(context), dockerfile))).toBe(true);
  });

  test.each(services)("$name may do little, and takes no more than its share", (service) => {
    expect(service).toMatchObject({
      restart: "unless-stopped",
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
    });
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
  });

  test("is published on loopback, where Prometheus looks for it", () => {
    expect(hub?.ports).toEqual(["127.0.0.1:5000:5000"]);
    expect(settingsSchema.parse({}).port).toBe(5_000);
  });

  test("has a database that no other container reaches, and that is not published", () => {
    expect(compose.services["db"]).toMatchObject({ ports: [], networks: ["store"] });
    expect(compose.networks["store"]).toEqual({ internal: true });
    expect(hub?.networks).toContain("store");
  });

  test("waits for the database, and stops before it", () => {
    expect(hub?.depends_on).toEqual({ db: { condition: "service_healthy" } });
    expect(compose.services["db"]?.healthcheck?.test).toContain("pg_isready");
  });

  test("has as long to stop as under systemd", () => {
    expect(hub?.stop_grace_period).toBe(directive("trading-hub.service", "TimeoutStopSec"));
  });
});

describe("what compose hands to the containers", () => {
  test("are settings that the hub knows", () => {
    const known = new Set<string>(Object.values(ENV_NAMES));
    const unknown = Object.keys(hub?.environment ?? {}).filter((name) => !known.has(name));
    expect(unknown).toEqual([]);
  });

  test("are no secrets: passwords come as files, in memory or bound", () => {
    const { DATABASE_URL = "", ...others } = hub?.environment ?? {};
    expect(new URL(DATABASE_URL)).toMatchObject({ username: "hub", password: "", hostname: "db" });
    expect([...sortVariables(others).secrets.keys()]).toEqual([]);
    expect(Object.keys(compose.services["db"]?.environment ?? {})).toEqual([
      "POSTGRES_USER",
      "POSTGRES_DB",
      "POSTGRES_PASSWORD_FILE",
    ]);
  });

  test.each(services)("are files where $name looks for them", ({ environment, secrets }) => {
    const paths = Object.entries(environment).filter(([name]) => name.endsWith("_FILE"));
    const targets = secrets.map(({ target }) => target);
    expect(paths.length).toBeGreaterThan(0);
    for (const [, path] of paths) expect(targets).toContain(path);
  });

  test.each(services)(
    "are secrets, volumes and networks that are declared, for $name",
    (service) => {
      const volumes = service.volumes.map((volume) => volume.split(":")[0] ?? "");
      expect(Object.keys(compose.secrets)).toEqual(
        expect.arrayContaining(service.secrets.map(({ source }) => source)),
      );
      expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining(volumes));
      expect(Object.keys(compose.networks)).toEqual(expect.arrayContaining(service.networks));
    },
  );

  test("are secrets that never lie in the repository", () => {
    const ignored = readFileSync(join(packageRoot, ".gitignore"), "utf8").split("\n");
    expect(ignored).toContain("deploy/secrets/");
    for (const { file } of Object.values(compose.secrets)) expect(file).toMatch(/^\.\/secrets\//);
  });
});
