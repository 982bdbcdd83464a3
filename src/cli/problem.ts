import { z } from "zod";

/** The hub's `application/problem+json`, as far as people need it. */
const problemSchema = z.looseObject({
  title: z.string().optional(),
  detail: z.string().optional(),
  field: z.string().optional(),
  allowed: z.array(z.string()).optional(),
});

const MOST_ALLOWED = 12;

/** Puts a refusal into one line: what was refused, why, and what would have been right. */
export function explainProblem(status: number, body: unknown): string {
  const { data: problem } = problemSchema.safeParse(body);
  const said = problem?.detail ?? problem?.title;
  if (said === undefined) return `the hub answered ${String(status)} and did not say why`;
  const field = problem?.field === undefined ? "" : `${problem.field}: `;
  return `${field}${said}${allowedOf(problem?.allowed ?? [])}`.replaceAll(/\s+/g, " ");
}

function allowedOf(allowed: readonly string[]): string {
  if (allowed.length === 0) return "";
  const more = allowed.length > MOST_ALLOWED ? ", …" : "";
  return ` (allowed: ${allowed.slice(0, MOST_ALLOWED).join(", ")}${more})`;
}
