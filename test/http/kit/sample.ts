/** As much of OpenAPI 3.1 as it takes to make a request that is understood. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
}

export interface Operation {
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, object>> }>
  >;
}

export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** Id of a token that nobody shows. */
export const SPARE_TOKEN = "0000000000dd";

/** Values that no schema can say. */
const WORDS: Readonly<Record<string, unknown>> = {
  exchange: "binance",
  pair: "BTC/USDT",
  timeframe: "15m",
  id: SPARE_TOKEN,
  name: "walker",
  broker_id: "paper",
  from: "2026-01-01T00:00:00Z",
  to: "2026-01-02T00:00:00Z",
  // The third of a list, as the hub writes it.
  cursor: Buffer.from("3").toString("base64url"),
};

/** A value that fits a schema, no larger than it must be. */
export function sampleOf(schema: Schema, name = ""): unknown {
  if (name in WORDS) return WORDS[name];
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.example !== undefined) return schema.example;
  switch ([schema.type].flat().at(0) ?? "string") {
    case "object": {
      const { properties = {}, required = [] } = schema;
      return Object.fromEntries(required.map((key) => [key, sampleOf(properties[key] ?? {}, key)]));
    }
    case "array":
      return [sampleOf(schema.items ?? {})];
    case "integer":
    case "number":
      return 1;
    case "boolean":
      return true;
    default:
      return "sample";
  }
}

export interface Sample {
  readonly method: string;
  /** As the document writes it. */
  readonly pattern: string;
  readonly path: string;
  readonly body: unknown;
  /** The role that the document asks for; undefined where it asks for none. */
  readonly role: string | undefined;
}

/** One request for every operation of a document. */
export function samplesOf({ paths }: Document): readonly Sample[] {
  return Object.entries(paths).flatMap(([pattern, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const { parameters = [], requestBody, security } = operation;
      const query = new URLSearchParams();
      let path = pattern;
      for (const { name, in: place, required, schema } of parameters) {
        // What an id in a path names depends on the path; its example knows.
        const inPath = place === "path" ? schema.example : undefined;
        const value = String(inPath ?? sampleOf(schema, name));
        if (place === "path") path = path.replace(`{${name}}`, encodeURIComponent(value));
        else if (place === "query" && required === true) query.set(name, value);
      }
      const body = requestBody?.content["application/json"]?.schema;
      return {
        method: method.toUpperCase(),
        pattern,
        path: query.size === 0 ? path : `${path}?${query.toString()}`,
        body: body === undefined ? undefined : sampleOf(body),
        role: security?.[0]?.["bearer"]?.[0],
      };
    }),
  );
}
