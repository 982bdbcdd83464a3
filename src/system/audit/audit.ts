import type { Variables } from "../../config/env.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { AuditReport, Channel, Leak } from "./report.ts";
import { scanSite } from "./scan.ts";
import type { Scenario } from "./scenario.ts";
import { ownVault } from "./scenarios/own-vault.ts";
import { refused } from "./scenarios/refused.ts";
import { vvault } from "./scenarios/vvault.ts";
import { Site } from "./site.ts";

/** What `hub audit leaks` plays. */
export const SCENARIOS: readonly Scenario[] = [ownVault, vvault, refused];

/** What a program needs to run at all; nothing else of the auditor's environment reaches a hub. */
const BASICS = ["PATH", "LANG", "TZ"];

export interface AuditOptions {
  readonly environment: Variables;
  readonly clock: Clock;
  readonly scenarios: readonly Scenario[];
  /** Told what is being done. */
  readonly onStep: (line: string) => void;
}

/**
 * Plants made-up secrets in every place where a real one enters a hub, drives whole hubs, and looks
 * for those secrets in all that comes out.
 * @throws Error when a hub could not be driven: then nothing is proved.
 */
export async function auditLeaks(options: AuditOptions): Promise<AuditReport> {
  const sites: Site[] = [];
  const tally = new Map<Channel, { places: number; bytes: number }>();
  const play = async (scenario: Scenario): Promise<readonly Leak[]> => {
    const site = new Site(scenario.name, options.clock);
    sites.push(site);
    options.onStep(`playing: ${scenario.name}`);
    await scenario.play(site, basicsOf(options.environment));
    options.onStep(`looking through what came out: ${scenario.name}`);
    return scanSite(site, tally);
  };
  try {
    const leaks = await Promise.all(options.scenarios.map(play));
    return reportOf(sites, tally, leaks.flat());
  } finally {
    for (const site of sites) site.remove();
  }
}

function basicsOf(environment: Variables): Variables {
  return Object.fromEntries(BASICS.map((name) => [name, environment[name]]));
}

function reportOf(
  sites: readonly Site[],
  tally: ReadonlyMap<Channel, { readonly places: number; readonly bytes: number }>,
  leaks: readonly Leak[],
): AuditReport {
  return {
    planted: sites.flatMap(({ scenario, planted }) =>
      planted.map(({ name, where }) => ({ scenario, canary: name, where })),
    ),
    driven: sites.flatMap(({ scenario, driven }) => driven.map((what) => ({ scenario, what }))),
    scanned: [...tally].map(([channel, sum]) => ({ channel, ...sum })),
    skipped: [...new Set(sites.flatMap(({ skipped }) => skipped))],
    leaks,
  };
}
