import { join } from "node:path";
import { compile, HUB, isCompiled } from "./compile.mjs";
import { install, isInstalled } from "./install.mjs";
import { withLock } from "./lock.mjs";
import { complaintAbout } from "./node-version.mjs";
import { Refusal } from "./refusal.mjs";
import { ROOT } from "./root.mjs";

/**
 * Brings the project into a state in which it can run: right Node, packages installed, code
 * compiled. Silent and quick when there is nothing to do; what it does goes to stderr.
 *
 * `dev` asks for the tools that check and test as well; `targets` is what to compile.
 */
export async function prepare({ dev, targets = [HUB], root = ROOT }) {
  const complaint = complaintAbout(process.versions.node);
  if (complaint !== undefined) throw new Refusal(complaint);
  if (nothingToDo(root, dev, targets)) return;
  await withLock(join(root, "build/.prepare.lock"), async () => {
    // Another start may have done it while this one waited; each question is asked again.
    const stale = targets.filter((target) => !isCompiled(root, target));
    if (!isInstalled(root, { dev: dev || stale.length > 0 })) await install(root);
    for (const target of stale) {
      process.stderr.write(`building ${target.out}\n`);
      await compile(root, target);
    }
  });
}

function nothingToDo(root, dev, targets) {
  return isInstalled(root, { dev }) && targets.every((target) => isCompiled(root, target));
}
