import { actors } from "./dashboards/actors.ts";
import { data } from "./dashboards/data.ts";
import { http } from "./dashboards/http.ts";
import { overview } from "./dashboards/overview.ts";
import { trading } from "./dashboards/trading.ts";
import { vault } from "./dashboards/vault.ts";
import { type Board, build } from "./kit/board.ts";

const BOARDS: readonly Board[] = [overview, data, actors, trading, vault, http];

/** Every dashboard, by the name of its file below grafana/dashboards. */
export function dashboardFiles(): ReadonlyMap<string, string> {
  return new Map(
    BOARDS.map((board) => [`${board.uid}.json`, `${JSON.stringify(build(board), null, 2)}\n`]),
  );
}
