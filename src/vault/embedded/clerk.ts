import { createHash } from "node:crypto";
import { z } from "zod";
import type { VaultBox } from "./box.ts";

/** An answer of the service API: its status and its JSON. */
export interface Answer {
  readonly status: number;
  readonly body: { readonly [key: string]: unknown };
}

type Body = { readonly [key: string]: unknown };

const fields = z.record(z.string(), z.unknown());
const config = z.object({
  strategy_id: z.string().default("default"),
  params: fields.default({}),
  symbols: z.array(z.unknown()).default([]),
  risk_limits: fields.default({}),
  enabled: z.boolean().default(true),
});
const credential = z.object({ service: z.string(), value: z.string(), metadata: z.unknown() });
const file = z.object({
  storage_path: z.string(),
  filename: z.string(),
  content: z.string(),
  file_type: z.string(),
  metadata: z.string(),
});

export function refusal(status: number, error: string): Answer {
  return { status, body: { success: false, error } };
}

/** Answers the calls of the service API as VVAULT does, odd ones included, from a {@link VaultBox}. */
export class Clerk {
  readonly #box: VaultBox;
  readonly #nowMs: () => number;

  constructor(box: VaultBox, nowMs: () => number) {
    this.#box = box;
    this.#nowMs = nowMs;
  }

  async configs(service: string): Promise<Answer> {
    const prefix = `configs/${encodeURIComponent(service)}/`;
    const listed = (await this.#box.list()).filter(({ path }) => path.startsWith(prefix));
    const rows = await Promise.all(listed.map(({ path }) => this.#box.get(path)));
    const configs = rows.flatMap((item) =>
      item === undefined
        ? []
        : [
            {
              ...config.parse(JSON.parse(item.value)),
              version: item.version,
              updated_at: zoneless(item.at),
            },
          ],
    );
    const message = configs.length === 0 ? { message: "No configs found, using defaults" } : {};
    return { status: 200, body: { success: true, service, configs, ...message } };
  }

  async putConfig(service: string, body: Body): Promise<Answer> {
    const row = config.safeParse(body);
    if (!row.success) return refusal(500, "Failed to store config");
    const { strategy_id } = row.data;
    const path = configPath(service, strategy_id);
    const version = await this.#put(path, row.data);
    return {
      status: 200,
      body: { success: true, service, strategy_id, action: actionOf(version), version },
    };
  }

  async credential(key: string): Promise<Answer> {
    const item = await this.#box.get(`credentials/${encodeURIComponent(key)}`);
    if (item === undefined) return refusal(404, `Credential '${key}' not found`);
    const { service, value, metadata } = credential.parse(JSON.parse(item.value));
    const { version, at } = item;
    const body = {
      success: true,
      key,
      service,
      value,
      metadata,
      version,
      updated_at: zoneless(at),
    };
    return { status: 200, body };
  }

  async putCredential({ key, value, service = "default", metadata = {} }: Body): Promise<Answer> {
    if (isEmpty(key) || isEmpty(value)) return refusal(400, "key and value are required");
    const row = credential.safeParse({ service, value, metadata });
    if (typeof key !== "string" || !row.success) return refusal(500, "Failed to store credential");
    const version = await this.#put(`credentials/${encodeURIComponent(key)}`, row.data);
    const action = actionOf(version);
    const message = `Credential ${action} successfully`;
    return { status: 200, body: { success: true, key, service, action, message } };
  }

  async systemFile(storagePath: string | null): Promise<Answer> {
    if (storagePath === null || storagePath === "") {
      return refusal(400, "storage_path is required");
    }
    const item = await this.#box.get(`files/${encodeURIComponent(storagePath)}`);
    if (item === undefined) return refusal(404, "File not found");
    const row = rowOf(file.parse(JSON.parse(item.value)), item.at);
    return { status: 200, body: { success: true, file: row } };
  }

  async putSystemFile(body: Body): Promise<Answer> {
    const path = body["storage_path"];
    if (typeof path !== "string" || path === "") return refusal(400, "storage_path is required");
    const row = file.safeParse({
      filename: path,
      content: "",
      file_type: "text/markdown",
      ...body,
      metadata: metadataText(body["metadata"]),
    });
    if (!row.success) return refusal(500, "Failed to upsert system file");
    const internal = INTERNAL.find((part) => row.data.filename.includes(part));
    if (internal !== undefined) {
      const hint = "Use flat filenames with construct_id column.";
      return refusal(400, `Filename must not contain internal path '${internal}'. ${hint}`);
    }
    const version = await this.#put(`files/${encodeURIComponent(path)}`, row.data);
    const stored = rowOf(row.data, this.#nowMs());
    const { storage_path, filename, sha256 } = stored;
    const said = { storage_path, filename, sha256, action: actionOf(version), file: stored };
    return { status: 200, body: { success: true, message: "System file upserted", ...said } };
  }

  #put(path: string, row: object): Promise<number> {
    return this.#box.put(path, JSON.stringify(row), this.#nowMs());
  }
}

/** Where a row lies in the sealed file. */
export function configPath(service: string, strategyId: string): string {
  return `configs/${encodeURIComponent(service)}/${encodeURIComponent(strategyId)}`;
}

/** What Python, the original's language, takes for nothing. */
function isEmpty(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === "" || value === 0 || value === false;
}

const INTERNAL = ["vvault/", "/users/", "/shard_", "vvault_files/"];

function actionOf(version: number): "created" | "updated" {
  return version === 1 ? "created" : "updated";
}

/** An instant as VVAULT writes it: without a zone, with six digits after the second. */
function zoneless(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, -1)}000`;
}

function metadataText(metadata: unknown): string {
  if (metadata === undefined || metadata === null) return "{}";
  if (typeof metadata === "string") return JSON.stringify({ raw: metadata });
  return JSON.stringify(Array.isArray(metadata) ? { value: metadata } : metadata);
}

function rowOf(
  row: z.infer<typeof file>,
  atMs: number,
): z.infer<typeof file> & {
  readonly sha256: string;
  readonly is_system: true;
  readonly user_id: null;
  readonly updated_at: string;
} {
  const sha256 = createHash("sha256").update(row.content).digest("hex");
  return { ...row, sha256, is_system: true, user_id: null, updated_at: zoneless(atMs) };
}
