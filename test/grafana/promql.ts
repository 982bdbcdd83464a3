import { parser } from "@prometheus-io/lezer-promql";

type Tree = ReturnType<typeof parser.parse>;
type Node = Tree["topNode"];

/** A metric that an expression reads, with every label that the expression expects it to have. */
export interface MetricUse {
  readonly metric: string;
  readonly labels: readonly string[];
}

/**
 * The metrics that a PromQL expression reads. Labels are those of matchers, and those that clauses
 * around it group or match by: `sum by (actor) (m{job="engine"})` expects both of `m`. Where two
 * sides are joined, a label is expected of the side that keeps it.
 *
 * @throws {SyntaxError} when it is not PromQL.
 */
export function metricsOf(expr: string): readonly MetricUse[] {
  const tree = parser.parse(expr);
  tree.iterate({
    enter: ({ type, from }) => {
      if (type.isError) throw new SyntaxError(`not PromQL at character ${from}: ${expr}`);
    },
  });
  const found = new Map<string, Set<string>>();
  visit(tree.topNode, new Set(), { expr, found });
  return [...found].map(([metric, labels]) => ({ metric, labels: [...labels].toSorted() }));
}

interface Walk {
  readonly expr: string;
  readonly found: Map<string, Set<string>>;
}

function visit(node: Node, expected: ReadonlySet<string>, walk: Walk): void {
  switch (node.name) {
    case "VectorSelector":
      return note(node, expected, walk);
    case "AggregateExpr":
      return visitAll(
        node,
        plus(expected, grouped(node.getChild("AggregateModifier"), walk)),
        walk,
      );
    case "BinaryExpr":
      return visitSides(node, expected, walk);
    case "FunctionCall":
      return visitAll(node, isScalar(node, walk) ? new Set() : expected, walk);
    default:
      return visitAll(node, expected, walk);
  }
}

function visitAll(node: Node, expected: ReadonlySet<string>, walk: Walk): void {
  for (const child of childrenOf(node)) visit(child, expected, walk);
}

function note(selector: Node, expected: ReadonlySet<string>, { expr, found }: Walk): void {
  const name = selector.getChild("Identifier");
  let metric = name === null ? "" : textOf(name, expr);
  const labels = new Set(expected);
  for (const matcher of childrenOf(selector.getChild("LabelMatchers"))) {
    const [label, , value] = childrenOf(matcher);
    if (label === undefined || value === undefined) continue;
    if (textOf(label, expr) === "__name__") metric = textOf(value, expr).slice(1, -1);
    else labels.add(textOf(label, expr));
  }
  found.set(metric, plus(found.get(metric) ?? new Set(), labels));
}

/** What is matched `on` stands on both sides; all else on the side whose labels the answer keeps. */
function visitSides(node: Node, expected: ReadonlySet<string>, walk: Walk): void {
  const children = childrenOf(node);
  const [left, right] = [children[0], children.at(-1)];
  if (left === undefined || right === undefined) return;
  const clause = node.getChild("MatchingModifierClause");
  const [matched = [], carried = []] = childrenOf(clause)
    .filter(({ name }) => name === "GroupingLabels")
    .map((labels) => namesIn(labels, walk));
  const on = clause?.getChild("On") ? matched : [];
  const kept = plus(expected, matched);
  const isRightKept = clause?.getChild("GroupRight") != null;
  const isOneKept =
    isRightKept || clause?.getChild("GroupLeft") != null || keepsLeft(children[1]?.name);
  const other = isOneKept ? new Set([...on, ...carried]) : plus(expected, on);
  const keptHere = without(kept, carried);
  visit(left, isRightKept ? other : keptHere, walk);
  visit(right, isRightKept ? keptHere : other, walk);
}

/** A number has no labels, whoever asks for them around it. */
function isScalar(call: Node, { expr }: Walk): boolean {
  const name = call.getChild("FunctionIdentifier");
  return name !== null && textOf(name, expr) === "scalar";
}

function keepsLeft(operator: string | undefined): boolean {
  return operator === "And" || operator === "Unless";
}

function grouped(modifier: Node | null, walk: Walk): readonly string[] {
  const labels = modifier?.getChild("GroupingLabels");
  return labels == null ? [] : namesIn(labels, walk);
}

function namesIn(labels: Node, { expr }: Walk): readonly string[] {
  return childrenOf(labels).map((label) => textOf(label, expr));
}

function childrenOf(node: Node | null): readonly Node[] {
  const children: Node[] = [];
  for (let child = node?.firstChild ?? null; child !== null; child = child.nextSibling) {
    children.push(child);
  }
  return children;
}

function textOf({ from, to }: Node, expr: string): string {
  return expr.slice(from, to);
}

function plus(some: ReadonlySet<string>, more: Iterable<string>): Set<string> {
  return new Set([...some, ...more]);
}

function without(some: ReadonlySet<string>, fewer: readonly string[]): Set<string> {
  return new Set([...some].filter((one) => !fewer.includes(one)));
}
