import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { chromium } from "playwright-core";
import { machineClock } from "../../../src/runtime/clock.ts";
import { committedBoards } from "../../../test/grafana/live/boards.ts";
import { BusyHub } from "../../../test/grafana/live/busy-hub.ts";
import { Prometheus } from "../../../test/grafana/live/prometheus.ts";
import { answersFor, type Span } from "./answers.ts";
import { type Filled, page } from "./page.ts";

export interface PreviewOptions {
  /** The project's folder. */
  readonly root: string;
  /** Where Chromium is. */
  readonly chromium: string;
  /** How long the hub runs before its figures are drawn. */
  readonly watchMs: number;
  readonly tell: (line: string) => void;
}

const WIDTH = 1_440;
const STEPS = 120;

/**
 * Runs a hub under load and a Prometheus that scrapes it, and draws every committed dashboard from
 * what it tells into docs/images.
 */
export async function preview({
  root,
  chromium: program,
  watchMs,
  tell,
}: PreviewOptions): Promise<void> {
  const folder = join(root, "docs/images");
  mkdirSync(folder, { recursive: true });
  tell(`watching a busy hub for ${String(watchMs / 1_000)} s`);
  const busy = await BusyHub.start();
  let prometheus: Prometheus | undefined;
  try {
    const rules = [join(root, "grafana/prometheus/rules/*.yml")];
    prometheus = await Prometheus.start({ hubs: [busy.hub.url], rules });
    const fromMs = machineClock.nowMs();
    await machineClock.sleep(watchMs / 2);
    await busy.killHarvester();
    await machineClock.sleep(watchMs / 2);
    const toMs = machineClock.nowMs();
    const span = { fromMs, toMs, stepMs: Math.max(1_000, Math.round((toMs - fromMs) / STEPS)) };
    for (const [name, html] of await drawn(prometheus, span)) {
      await photograph(program, html, join(folder, `${name}.png`));
      tell(`docs/images/${name}.png`);
    }
  } finally {
    await prometheus?.stop();
    await busy.stop();
  }
}

async function drawn(prometheus: Prometheus, span: Span): Promise<[string, string][]> {
  const pages: [string, string][] = [];
  for (const { name, board } of committedBoards()) {
    const filled: Filled[] = [];
    for (const panel of (board.panels ?? []) as Panel[]) {
      const answers = panel.type === "row" ? [] : await answersFor(prometheus, panel, span);
      filled.push({ panel, answers });
    }
    pages.push([
      name.replace(".json", ""),
      page(board.title ?? "", board.description ?? "", filled),
    ]);
  }
  return pages;
}

async function photograph(program: string, html: string, path: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
  try {
    const shown = await browser.newPage({ viewport: { width: WIDTH, height: 900 } });
    await shown.setContent(html);
    await shown.screenshot({ path, fullPage: true });
  } finally {
    await browser.close();
  }
}
