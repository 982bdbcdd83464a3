import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { VaultBox } from "../../../src/vault/embedded/box.ts";
import { SmallDisk, whyNoDisk } from "../../kit/small-disk.ts";

const why = whyNoDisk();

describe.skipIf(why !== undefined)(`a vault on a disk that is nearly full (${why ?? ""})`, () => {
  const disk = why === undefined ? new SmallDisk(1) : undefined;
  afterAll(() => disk?.remove());

  test("refuses what does not fit, and is whole with whatever fitted before", async () => {
    const folder = disk?.path ?? "";
    const path = join(folder, "vault.sealed");
    const source = { kind: "file", path: join(folder, "vault.key") } as const;
    const box = await VaultBox.open(path, source);
    await box.put("credentials/A", "a".repeat(100_000), 1);
    disk?.fill();
    // Room for a part of the next writing, and not for all of it.
    rmSync(join(folder, "ballast"));
    appendFileSync(join(folder, "ballast"), Buffer.alloc(700_000));

    const second = box.put("credentials/B", "b".repeat(200_000), 2);
    await expect(second).rejects.toThrow(/no space left/i);

    disk?.makeRoom();
    const reopened = await VaultBox.open(path, source);
    expect((await reopened.list()).map((item) => item.path)).toEqual(["credentials/A"]);
    expect((await reopened.get("credentials/A"))?.value.length).toBe(100_000);
    await reopened.put("credentials/B", "b", 3);
    expect((await reopened.get("credentials/B"))?.value).toBe("b");
  });
});
