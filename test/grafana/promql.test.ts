import { describe, expect, test } from "vitest";
import { metricsOf } from "./promql.ts";

describe("the metrics of a PromQL expression", () => {
  test.each([
    ["up", [{ metric: "up", labels: [] }]],
    ['rate(a_total{job="engine"}[5m] offset 1h)', [{ metric: "a_total", labels: ["job"] }]],
    ['{__name__="up", job!="x"}', [{ metric: "up", labels: ["job"] }]],
    ["sum by (actor, le) (a)", [{ metric: "a", labels: ["actor", "le"] }]],
    ["sum without (instance) (a)", [{ metric: "a", labels: ["instance"] }]],
    [
      "engine:late:ratio_rate5m > (14.4 * 0.01)",
      [{ metric: "engine:late:ratio_rate5m", labels: [] }],
    ],
    ['a{x="1"} + a{y="2"}', [{ metric: "a", labels: ["x", "y"] }]],
    ["sum by (pair) (scalar(max(a)))", [{ metric: "a", labels: [] }]],
    ["vector(1) or time()", []],
  ])("are found in %s", (expr, expected) => {
    expect(metricsOf(expr)).toEqual(expected);
  });

  test("expect a label that is matched on of both sides", () => {
    expect(metricsOf("a > on (timeframe) b")).toEqual([
      { metric: "a", labels: ["timeframe"] },
      { metric: "b", labels: ["timeframe"] },
    ]);
  });

  test("expect a label of the side alone that keeps it", () => {
    expect(metricsOf("max by (pair) (a > on (timeframe) group_left (unit) b)")).toEqual([
      { metric: "a", labels: ["pair", "timeframe"] },
      { metric: "b", labels: ["timeframe", "unit"] },
    ]);
    expect(metricsOf("max by (pair) (b * on (timeframe) group_right () a)")).toEqual([
      { metric: "b", labels: ["timeframe"] },
      { metric: "a", labels: ["pair", "timeframe"] },
    ]);
    expect(metricsOf("sum by (pair) (a and on () b)")).toEqual([
      { metric: "a", labels: ["pair"] },
      { metric: "b", labels: [] },
    ]);
  });

  test("expect what is ignored of the side that keeps it", () => {
    expect(metricsOf("a / ignoring (status) group_left () b")).toEqual([
      { metric: "a", labels: ["status"] },
      { metric: "b", labels: [] },
    ]);
  });

  test("are not told of what is not PromQL", () => {
    expect(() => metricsOf("sum by (")).toThrow(/not PromQL at character/);
    expect(() => metricsOf("rate(a[5m)")).toThrow(/not PromQL at character/);
  });
});
