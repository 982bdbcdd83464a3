import { describe, expect, test } from "vitest";
import { ClockKeeper } from "../../src/exchanges/clock-keeper.ts";
import { ManualClock } from "../kit/manual-clock.ts";

function setUp() {
  const clock = new ManualClock();
  const measuredAt: number[] = [];
  const errors: unknown[] = [];
  const world = {
    step: () => {},
    listeners: 0,
    measure: async (): Promise<number | undefined> => 0,
  };
  const keeper = new ClockKeeper({
    clock,
    steps: {
      onStep: (listener) => {
        world.step = () => listener(0);
        world.listeners += 1;
        return () => void (world.listeners -= 1);
      },
    },
    measure: () => {
      measuredAt.push(clock.monotonicMs() / 1_000);
      return world.measure();
    },
    onError: (error) => errors.push(error),
  });
  keeper.start();
  return { clock, keeper, measuredAt, errors, world };
}

describe("whoever keeps an exchange's clock", () => {
  test("measures it at the start, every ten minutes, and after a step at once", async () => {
    const { clock, measuredAt, world } = setUp();
    await clock.advance(700_000);
    world.step();
    await clock.advance(600_000);

    expect(measuredAt).toEqual([0, 600, 700, 1_300]);
  });

  test("measures it again when the clock was set meanwhile, and never twice at a time", async () => {
    const { clock, measuredAt, world } = setUp();
    await clock.advance(1_000);
    world.measure = async () => {
      await clock.sleep(2_000);
      return 0;
    };
    world.step();
    await clock.advance(1_000);
    world.step();
    world.step();
    await clock.advance(60_000);

    expect(measuredAt).toEqual([0, 1, 3]);
  });

  test("is soon back after a measurement that failed", async () => {
    const { clock, measuredAt, world } = setUp();
    world.measure = async () => undefined;
    world.step();
    await clock.advance(30_000);

    expect(measuredAt).toEqual([0, 0, 15, 30]);
  });

  test("tells what it did not foresee, and leaves nothing behind when it is stopped", async () => {
    const { clock, keeper, errors, world } = setUp();
    await clock.advance(0);
    world.measure = async () => {
      throw new TypeError("a fault of ours");
    };
    world.step();
    await clock.advance(0);
    keeper.stop();

    expect(errors).toEqual([new TypeError("a fault of ours")]);
    expect([clock.pending, world.listeners]).toEqual([0, 0]);
  });
});
