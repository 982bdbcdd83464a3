/** The labels of a line, without their braces. */
export function labelText(labels: object): string {
  let text = "";
  for (const [name, value] of Object.entries(labels)) {
    if (text !== "") text += ",";
    text += `${name}="${escaped(String(value)).replaceAll('"', '\\"')}"`;
  }
  return text;
}

/** What stands in one line, as label and help must. */
export function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

export function numeral(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "+Inf" : "-Inf";
}
