import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  RowBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { type Choice, variablesFor } from "./variables.ts";

/** The tag by which the dashboards find each other. */
const TAG = "oracle-trading-hub";

export interface Board {
  readonly uid: string;
  readonly title: string;
  /** The questions that it answers. */
  readonly about: string;
  /** What the reader may choose beside the hub itself. */
  readonly choices: readonly Choice[];
  readonly rows: readonly Row[];
}

/** Panels under a heading, laid out from left to right. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Builder<Panel>[];
}

/** A dashboard as Grafana reads it from a file. */
export function build({ uid, title, about, choices, rows }: Board): Dashboard {
  const links = new DashboardLinkBuilder("Dashboards of the hub")
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true);
  const board = new DashboardBuilder(`Oracle Trading Hub / ${title}`)
    .uid(uid)
    .description(about)
    .tags([TAG])
    .readonly()
    .timezone("browser")
    .time({ from: "now-1h", to: "now" })
    .refresh("30s")
    .tooltip(DashboardCursorSync.Crosshair)
    .links([links])
    .variables(variablesFor(choices));
  for (const row of rows) {
    board.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) board.withPanel(panel);
  }
  return numbered(board.build());
}

/** Grafana needs a number for each panel to link to it, and the same one after each generation. */
function numbered(board: Dashboard): Dashboard {
  (board.panels ?? []).forEach((panel, index) => {
    panel.id = index + 1;
  });
  return board;
}
