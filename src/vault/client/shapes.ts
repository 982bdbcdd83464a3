import { z } from "zod";
import type { StrategyRow, SystemFile } from "../port.ts";

/** A column that may be null in the store; null means its empty form. */
function orEmpty<T extends z.ZodType>(shape: T, empty: z.output<T>): z.ZodType<z.output<T>> {
  return shape.nullish().transform((value) => value ?? empty) as z.ZodType<z.output<T>>;
}

const fields = z.record(z.string(), z.unknown());

const row = z
  .object({
    strategy_id: z.string().min(1),
    params: orEmpty(fields, {}),
    symbols: orEmpty(z.array(z.unknown()), []),
    risk_limits: orEmpty(fields, {}),
    // What is not said to be enabled is not traded.
    enabled: orEmpty(z.boolean(), false),
    version: orEmpty(z.int().min(0), 0),
  })
  .transform(
    (found): StrategyRow => ({
      strategyId: found.strategy_id,
      params: found.params,
      symbols: found.symbols,
      riskLimits: found.risk_limits,
      enabled: found.enabled,
      version: found.version,
    }),
  );

/** A row of another form is one bad row, not a bad answer: the others are good. */
function rowOf(raw: unknown, place: number): StrategyRow {
  const read = row.safeParse(raw);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const at = issue === undefined || issue.path.length === 0 ? "row" : issue.path.join(".");
  const { strategy_id: name, enabled, version } = fields.safeParse(raw).data ?? {};
  return {
    strategyId: typeof name === "string" && name !== "" ? name : `(row ${place + 1}, no name)`,
    params: {},
    symbols: [],
    riskLimits: {},
    // Whatever else is wrong with it: what does not say that it is on is off.
    enabled: enabled === true,
    version: typeof version === "number" && Number.isInteger(version) && version > 0 ? version : 0,
    flaw: `${at}: ${issue?.message ?? "not valid"}`,
  };
}

/** Shapes of the answers, as far as the hub reads them; times have no zone and are not computed with. */
export const shapes = {
  strategies: z.object({ configs: z.array(z.unknown()).transform((all) => all.map(rowOf)) }),
  written: z.object({ version: z.int().min(1) }),
  credential: z.object({
    key: z.string(),
    service: orEmpty(z.string(), "default"),
    value: z.string().min(1),
    metadata: orEmpty(fields, {}),
    updated_at: orEmpty(z.string(), ""),
  }),
  file: z.object({
    file: z
      .object({
        storage_path: z.string(),
        filename: z.string(),
        content: orEmpty(z.string(), ""),
        file_type: orEmpty(z.string(), "text/markdown"),
        sha256: orEmpty(z.string(), ""),
      })
      .transform(
        (found): SystemFile => ({
          storagePath: found.storage_path,
          filename: found.filename,
          content: found.content,
          fileType: found.file_type,
          sha256: found.sha256,
        }),
      ),
  }),
} as const;
