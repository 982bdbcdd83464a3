import { describe, expect, test } from "vitest";
import { absentAtVenue, leftOpen, readAnswer } from "../../../src/actors/harvester/read-answer.ts";
import type { CandleAnswer } from "../../../src/exchanges/port.ts";
import { NOON } from "../../kit/builders.ts";
import { candleAt } from "../../kit/fake-market.ts";

const MINUTE = 60_000;
const at = (n: number): number => NOON + n * MINUTE;

/** An answer with candles of those minutes, damaged rows of others, at the close of minute 5. */
function answer(minutes: number[], damaged: (number | null)[] = []): CandleAnswer {
  return {
    candles: minutes.map((n) => candleAt(at(n))),
    rejected: damaged.map((n) => ({ openTime: n === null ? null : at(n), reason: "not-finite" })),
    exchangeNowMs: at(6),
  };
}

function read(given: CandleAnswer) {
  const { outcome, closed } = readAnswer(given, "1m", at(5));
  return [outcome, closed.map((candle) => (candle.openTime - NOON) / MINUTE)];
}

function openIn(given: CandleAnswer, from: number): number[] {
  const open = leftOpen(given, given.candles, "1m", at(from));
  return open.map(({ openTime }) => (openTime - NOON) / MINUTE);
}

describe("an answer to a poll", () => {
  test("holds the expected candle, with the open one behind it or without", () => {
    expect(read(answer([3, 4, 5, 6]))).toEqual(["ok", [3, 4, 5]]);
    expect(read(answer([3, 4, 5]))).toEqual(["ok", [3, 4, 5]]);
  });

  test("misses a candle that is late, though the open one is there", () => {
    expect(read(answer([3, 4]))).toEqual(["missing", [3, 4]]);
    expect(read(answer([3, 4, 6]))).toEqual(["missing", [3, 4]]);
    expect(read(answer([]))).toEqual(["missing", []]);
  });

  test("counts no candle as closed whose last instant has not passed at the exchange", () => {
    const early = { ...answer([4, 5]), exchangeNowMs: at(6) - 1 };

    expect(read(early)).toEqual(["missing", [4]]);
  });

  test("is corrupt when the expected row came damaged, or one that names no time", () => {
    expect(read(answer([3, 4], [5]))).toEqual(["corrupt", [3, 4]]);
    expect(read(answer([3, 4], [null]))).toEqual(["corrupt", [3, 4]]);
  });

  test("is corrupt when a row from within the expected candle is off the grid", () => {
    const shifted = { ...answer([4]), rejected: [{ openTime: at(5) + 7, reason: "misaligned" }] };

    expect(read(shifted)).toEqual(["corrupt", [4]]);
    const later = { ...shifted, candles: answer([4, 6]).candles, exchangeNowMs: at(7) };
    expect(absentAtVenue(later, later.candles, "1m", at(4))).toEqual([]);
    expect(openIn(later, 4)).toEqual([5]);
  });

  test("is fine when the expected candle is there beside a damaged row", () => {
    expect(read(answer([4, 5], [3]))).toEqual(["ok", [4, 5]]);
    expect(read(answer([4, 5], [5]))).toEqual(["ok", [4, 5]]);
  });

  test("shows which candles the venue itself lacks: those between the rows it sent", () => {
    const given = answer([1, 4, 5]);

    expect(absentAtVenue(given, given.candles, "1m", at(0))).toEqual([at(2), at(3)]);
    expect(absentAtVenue(given, given.candles, "1m", at(5))).toEqual([]);
    expect(absentAtVenue(answer([]), [], "1m", at(0))).toEqual([]);
  });

  test("leaves open what came damaged, and everything when a damaged row names no time", () => {
    const named = answer([1, 4, 5], [2]);
    const nameless = answer([1, 4, 5], [null]);

    expect(absentAtVenue(named, named.candles, "1m", at(1))).toEqual([at(3)]);
    expect(openIn(named, 1)).toEqual([2]);
    expect(absentAtVenue(nameless, nameless.candles, "1m", at(1))).toEqual([]);
    expect(openIn(nameless, 1)).toEqual([2, 3]);
  });

  test("leaves open what its oldest row comes after, sound or damaged", () => {
    const short = answer([4, 5]);
    const damaged = answer([4, 5], [2]);

    expect(absentAtVenue(short, short.candles, "1m", at(1))).toEqual([]);
    expect(openIn(short, 1)).toEqual([1, 2, 3]);
    expect(absentAtVenue(damaged, damaged.candles, "1m", at(1))).toEqual([at(3)]);
    expect(openIn(damaged, 1)).toEqual([1, 2]);
  });
});
