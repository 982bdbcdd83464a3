import type { Variables } from "../../config/env.ts";
import type { Site } from "./site.ts";

/** One way to run a hub, from its first start to its end. */
export interface Scenario {
  readonly name: string;
  /**
   * Plants, starts, drives and stops; nothing runs any more when it is done.
   * @param basics what any program needs of its environment.
   * @throws Error when the hub does not do what the scenario expects: then nothing is proved.
   */
  play(site: Site, basics: Variables): Promise<void>;
}
