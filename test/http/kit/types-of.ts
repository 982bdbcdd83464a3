/** As much of JSON Schema as the answers use. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
}

/** A schema as TypeScript would write it. */
export function typeOf(schema: Schema, indent = ""): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  if (schema.anyOf !== undefined) return schema.anyOf.map((one) => typeOf(one, indent)).join(" | ");
  if (schema.type === "object") {
    const { properties = {}, required = [] } = schema;
    const inner = `${indent}  `;
    const fields = Object.entries(properties).map(
      ([name, of]) =>
        `${inner}${name}${required.includes(name) ? "" : "?"}: ${typeOf(of, inner)};\n`,
    );
    return `{\n${fields.join("")}${indent}}`;
  }
  if (schema.type === "array") {
    const item = typeOf(schema.items ?? {}, indent);
    return item.includes(" | ") && !item.startsWith("{") ? `(${item})[]` : `${item}[]`;
  }
  return schema.type === "integer" ? "number" : (schema.type ?? "unknown");
}
