import type { AuditReport } from "../../../system/audit/report.ts";
import { table } from "../../table.ts";

/** What an audit planted, drove and looked at, and what it found; no value stands in it. */
export function describeLeaks({ planted, driven, scanned, skipped, leaks }: AuditReport): string {
  const scenario = {
    title: "scenario",
    of: (row: { readonly scenario: string }): string => row.scenario,
  };
  const parts = [
    table(
      [
        scenario,
        { title: "planted", of: ({ canary }) => canary },
        { title: "where", of: ({ where }) => where },
      ],
      planted,
    ),
    table([scenario, { title: "driven", of: ({ what }) => what }], driven),
    table(
      [
        { title: "scanned", of: ({ channel }) => channel },
        { title: "places", of: ({ places }) => places },
        { title: "bytes", of: ({ bytes }) => bytes },
      ],
      scanned,
    ),
    ...skipped.map((what) => `not looked at: ${what}`),
    leaks.length === 0 ? "no planted secret came out" : leakTable(leaks),
  ];
  return parts.join("\n\n");
}

function leakTable(leaks: AuditReport["leaks"]): string {
  const list = table(
    [
      { title: "leaked", of: ({ canary }) => canary },
      { title: "by", of: ({ channel }) => channel },
      { title: "place", of: ({ place }) => place },
      { title: "written as", of: ({ encoding }) => encoding },
      { title: "first at byte", of: ({ offset }) => offset },
      { title: "times", of: ({ count }) => count },
      { title: "scenario", of: ({ scenario }) => scenario },
    ],
    leaks,
  );
  return `${leaks.length} leaks\n${list}`;
}
