import type { Portfolio } from "../../market/portfolio.ts";
import type { Database, KnownSeries, WatchChange, WatchStore } from "../port.ts";
import {
  flagOf,
  listOf,
  numberIn,
  numberOrNull,
  rowOf,
  seriesArgs,
  seriesOf,
  seriesRow,
  textIn,
  textOf,
  wordIn,
} from "./parse.ts";

export function watchStore(database: Database): WatchStore {
  return {
    async revision() {
      return textOf(await database.call("hub_watch_revision", {}), "the watchlist's revision");
    },

    async active() {
      return listOf(await database.call("hub_watch_active", {}), knownSeriesOf);
    },

    async add(portfolio, series, by, at) {
      const args = { p_portfolio: portfolio, ...seriesArgs(series), p_by: by, p_at: at };
      const answer = rowOf(await database.call("hub_watch_add", args));
      return { series: knownSeriesOf(answer["series"]), added: flagOf(answer["added"]) };
    },

    async remove(series, by, at) {
      const args = { ...seriesArgs(series), p_by: by, p_at: at };
      return flagOf(await database.call("hub_watch_remove", args));
    },

    async portfolios() {
      return listOf(await database.call("hub_portfolios", {}), portfolioOf);
    },

    async savePortfolio({ name, series }, by, at) {
      const args = { p_name: name, p_series: series.map(seriesRow), p_by: by, p_at: at };
      await database.call("hub_portfolio_save", args);
    },

    async firstUse() {
      return flagOf(await database.call("hub_first_use", {}));
    },

    async markEvaluated(marks) {
      if (marks.length === 0) return;
      await database.call("hub_watch_evaluated", {
        s: marks.map((mark) => mark.seriesId),
        t: marks.map((mark) => mark.openTime),
      });
    },

    async history(limit, beforeId) {
      const args = { p_limit: limit, p_before: beforeId };
      return listOf(await database.call("hub_watch_history", args), changeOf);
    },
  };
}

function knownSeriesOf(value: unknown): KnownSeries {
  const row = rowOf(value);
  return {
    ...seriesOf(row),
    id: numberIn(row, "id"),
    newestOpenTime: numberOrNull(row, "newestOpenTime"),
    evaluatedTo: numberOrNull(row, "evaluatedTo"),
  };
}

function portfolioOf(value: unknown): Portfolio {
  const row = rowOf(value);
  return {
    name: textIn(row, "name"),
    series: listOf(row["series"], (item) => seriesOf(rowOf(item))),
  };
}

function changeOf(value: unknown): WatchChange {
  const row = rowOf(value);
  return {
    ...seriesOf(row),
    id: numberIn(row, "id"),
    portfolio: textIn(row, "portfolio"),
    change: wordIn(row, "change", ["added", "removed"]),
    by: textIn(row, "by"),
    at: numberIn(row, "at"),
  };
}
