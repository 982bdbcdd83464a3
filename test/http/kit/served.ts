import { afterAll, beforeAll } from "vitest";
import { type Answer, type Ask, expectDeclared, send } from "./client.ts";
import { TOKENS } from "./fakes.ts";
import { fill, open, setUp, type World } from "./world.ts";

/** A hub's API with something on its shelves, served to the tests of a file. */
export interface Served {
  readonly world: World;
  readonly url: string;
  readonly app: Awaited<ReturnType<typeof open>>["app"];
  /** Sends as an operator unless told otherwise, and checks the answer against what is declared. */
  readonly ask: (method: string, path: string, options?: Ask) => Promise<Answer>;
}

/** What it returns is filled before the first test runs. */
export function serveFilled(): Served {
  const world = setUp();
  let served: Awaited<ReturnType<typeof open>> | undefined;
  beforeAll(async () => {
    fill(world.shelves);
    await world.view.refresh();
    served = await open(world);
  });
  afterAll(() => served?.server.stop(500));
  const now = (): NonNullable<typeof served> => {
    if (served === undefined) throw new Error("it is served before the tests, not before that");
    return served;
  };
  return {
    world,
    get url() {
      return now().url;
    },
    get app() {
      return now().app;
    },
    ask: async (method, path, options = {}) => {
      const { url, app } = now();
      const answer = await send(url, path, { method, token: TOKENS.operator, ...options });
      expectDeclared(app, method, path, answer);
      return answer;
    },
  };
}
