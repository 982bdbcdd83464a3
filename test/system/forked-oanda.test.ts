import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ArchitectProtocol } from "../../src/actors/architect/protocol.ts";
import type { CommanderProtocol } from "../../src/actors/commander/protocol.ts";
import { forkedHarvesterSpec } from "../../src/actors/harvester/harvester.ts";
import type { HarvesterProtocol } from "../../src/actors/harvester/protocol.ts";
import type { SentinelProtocol } from "../../src/actors/sentinel/protocol.ts";
import { machineClock } from "../../src/runtime/clock.ts";
import { compiledUrl } from "../../src/runtime/compiled.ts";
import type { Ref } from "../../src/runtime/protocol.ts";
import { Secret } from "../../src/runtime/secret.ts";
import type { ActorSystem, LocalSpec } from "../../src/runtime/spec.ts";
import { createActorSystem } from "../../src/runtime/system.ts";
import type { ForkedHarvesterParams } from "../../src/system/forked-harvester.ts";
import { sealLease } from "../../src/vault/broker/sealed-lease.ts";
import type { SealedAnswer, SealedWish } from "../../src/vault/lease.ts";
import { type OandaStandIn, startStandIn } from "../exchanges/oanda/stand-in.ts";
import { compileSources, supervisorSpec, until } from "../runtime/support.ts";

/** What the harvester's process says to the hub, and what it was sealed. */
interface Heard {
  readonly wishes: SealedWish[];
  readonly answers: SealedAnswer[];
  readonly offsets: number[];
}

let venue: OandaStandIn;
let system: ActorSystem;
let heard: Heard;

beforeAll(() => compileSources(), 120_000);

beforeEach(async () => {
  heard = { wishes: [], answers: [], offsets: [] };
  venue = await startStandIn(machineClock);
  system = await createActorSystem({
    clock: machineClock,
    random: () => 0.5,
    root: supervisorSpec,
    onEscalation: () => {},
  });
  await system.root.spawn(sentinel());
  await system.root.spawn(commander());
  await system.root.spawn(architect());
});
afterEach(async () => {
  await system.stop("the test is over", 10_000);
  await venue.close();
});

/** Seals the account that the stand-in lets in. */
function sentinel(): LocalSpec<SentinelProtocol> {
  const leaseSealed = (wish: SealedWish): SealedAnswer => {
    const parts = { apiKey: new Secret(venue.token), accountId: new Secret(venue.accountId) };
    const { secret } = wish;
    const lease = {
      id: "1",
      secret,
      parts,
      version: 1,
      origin: "vault",
      validForMs: 60_000,
    } as const;
    const answer: SealedAnswer = { kind: "granted", lease: sealLease(lease, wish.publicKey) };
    heard.wishes.push(wish);
    heard.answers.push(answer);
    return answer;
  };
  return {
    id: "sentinel",
    topics: { leaseSealed: true } as LocalSpec<SentinelProtocol>["topics"],
    create: () => ({ leaseSealed }),
  };
}

function commander(): LocalSpec<CommanderProtocol> {
  return {
    id: "commander",
    topics: {
      harvesterStarted: true,
      clockMeasured: true,
    } as LocalSpec<CommanderProtocol>["topics"],
    create: () => ({
      harvesterStarted: () => {},
      clockMeasured: ({ offsetMs }: { readonly offsetMs: number }) => {
        heard.offsets.push(offsetMs);
      },
    }),
  };
}

/** Has nothing stored, and stores nothing. */
function architect(): LocalSpec<ArchitectProtocol> {
  return {
    id: "architect",
    topics: {
      history: true,
      saveHistory: true,
      saveCandles: true,
    } as LocalSpec<ArchitectProtocol>["topics"],
    create: () => ({
      history: () => ({ candles: [], missing: [], empty: [], owed: null }),
      saveHistory: () => ({ added: [], revised: [] }),
      saveCandles: () => ({ added: [], revised: [] }),
    }),
  };
}

async function fork(): Promise<Ref<HarvesterProtocol>> {
  const params: ForkedHarvesterParams = {
    exchange: "oanda",
    baseUrl: venue.baseUrl,
    deadlineMs: 5_000,
    maxSockets: 2,
    storeTimeoutMs: 5_000,
    clock: null,
  };
  const module = compiledUrl(
    "./forked-harvester.ts",
    new URL("../../src/system/exchanges.ts", import.meta.url).href,
  );
  return system.root.spawn(forkedHarvesterSpec("oanda", module, params, 30_000));
}

describe("a harvester of OANDA in a process of its own", () => {
  test("is lent its account by the sentinel, sealed for it alone", async () => {
    await fork();
    await until("its clock is measured", () => heard.offsets.length > 0);

    expect(heard.wishes).toMatchObject([{ secret: "broker:oanda", purpose: "market-data" }]);
    const told = JSON.stringify([heard.wishes, heard.answers]);
    expect(told).not.toContain(venue.token);
    expect(told).not.toContain(venue.accountId);
    expect(
      venue.asked.every(({ headers }) => headers.authorization === `Bearer ${venue.token}`),
    ).toBe(true);
  }, 60_000);

  test("is lent the account anew once it is told that it was changed", async () => {
    const harvester = await fork();
    await until("its clock is measured", () => heard.offsets.length > 0);
    venue.token = "the-next-token";
    const order = {
      series: { exchange: "oanda", pair: "EUR/USD", timeframe: "1m" },
      seriesId: 1,
      candles: 10,
    } as const;
    expect(await harvester.ask("follow", order)).toMatchObject({ kind: "waiting" });

    harvester.tell("revoked", { secret: "broker:oanda" });

    expect(await harvester.ask("follow", order)).toMatchObject({ kind: "ready" });
    const keys = heard.wishes.map(({ publicKey }) => publicKey);
    expect(new Set(keys).size).toBe(2);
  }, 60_000);
});
