import type { Logger } from "pino";
import { machineClock } from "../runtime/clock.ts";
import { messageOf } from "../runtime/errors.ts";
import type { CloseStack } from "./close-stack.ts";
import { HeldWatch, type HeldWatchDeps } from "./held-watch.ts";

/** Before the first actor trades: what it holds or has on order may be where nothing is followed. */
export async function watchHeld(
  deps: Omit<HeldWatchDeps, "machineClock" | "onFailure"> & { readonly log: Logger },
  stack: CloseStack,
): Promise<void> {
  const onFailure: HeldWatchDeps["onFailure"] = (what, error) =>
    deps.log.warn({ actor: "trader" }, `${what}: ${messageOf(error)}`);
  const watch = new HeldWatch({ ...deps, machineClock, onFailure });
  await watch.start();
  stack.push(() => watch.stop());
}
