import { createWriteStream, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { Writable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { emptyDataDir, migratedDataDir } from "../kit/store.ts";
import { BTC_1M, candleRow, MONDAY } from "../store/builders.ts";
import { folder } from "../store/transfer/folder.ts";
import { type AtFolder, dataFolders, openAt } from "./data-folders.ts";
import { hub } from "./fake-hub.ts";

const file = folder();
const remembered = dataFolders();

describe("hub db export and import", { timeout: 60_000 }, () => {
  let full: AtFolder;

  beforeAll(async () => {
    full = remembered(await migratedDataDir());
    const opened = await openAt(full);
    const { candles, watch } = opened.store;
    const { series } = await watch.add("default", BTC_1M, "ann", MONDAY);
    await candles.upsert(
      "1m",
      Array.from({ length: 20 }, (_, i) => candleRow(series.id, i)),
    );
    await opened.stop();
    await hub(["db", "export", file("full.jsonl.gz")], full);
  });

  test("take everything from one folder to another", async () => {
    const empty = remembered(await migratedDataDir());

    const exported = await hub(["db", "export", file("a.jsonl.gz")], full);
    const imported = await hub(["db", "import", file("a.jsonl.gz")], empty);

    const told = /^(\d+ rows of \d+ tables) exported to (\S+)$/.exec(exported.out);
    expect(exported).toMatchObject({ exitCode: 0, err: "" });
    expect(told?.[2]).toBe(file("a.jsonl.gz"));
    expect(imported).toMatchObject({
      exitCode: 0,
      out: `${told?.[1]} imported from ${file("a.jsonl.gz")}`,
      err: "",
    });
    const arrived = await openAt(empty);
    expect(await arrived.store.candles.count()).toBe(20);
    await arrived.stop();
  });

  test("tell as JSON what is in the file", async () => {
    const { out } = await hub(["--json", "db", "export", file("b.jsonl")], full);

    const lines = readFileSync(file("b.jsonl"), "utf8").trimEnd().split("\n");
    const head = JSON.parse(lines[0] ?? "") as object;
    const trailer = JSON.parse(lines.at(-1) ?? "") as object;
    expect(JSON.parse(out)).toEqual({ file: file("b.jsonl"), ...head, ...trailer });
    expect(trailer).toMatchObject({ rows: { "hub.candles": 20, "hub.series": 1 } });
  });

  test("write to the standard output when the file is called -", async () => {
    const pieces: Buffer[] = [];
    const output = new Writable({
      write(piece: Buffer, _encoding, done) {
        pieces.push(piece);
        done();
      },
    });

    const { exitCode, out, err } = await hub(["db", "export", "-"], full, { output });

    expect({ exitCode, out, err }).toEqual({ exitCode: 0, out: "", err: "" });
    const inFile = gunzipSync(readFileSync(file("full.jsonl.gz"))).toString();
    const lines = (text: string) => text.split("\n").slice(1, -2);
    expect(lines(Buffer.concat(pieces).toString())).toEqual(lines(inFile));
  });

  test("export beside a hub that has the database open, and import never", async () => {
    const running = await openAt(full);

    const exported = await hub(["db", "export", file("beside.jsonl")], full);
    const imported = await hub(["db", "import", file("beside.jsonl")], full);

    await running.stop();
    expect(exported.exitCode).toBe(0);
    expect(imported).toMatchObject({
      exitCode: 1,
      out: "",
      err: "a hub runs on this database: stop it first",
    });
  });

  test("refuse to import into a database that holds anything", async () => {
    const { exitCode, out, err } = await hub(["db", "import", file("full.jsonl.gz")], full);

    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
    expect(err).toMatch(/^this database is not empty: there are rows in hub\.\w+$/);
  });

  test("refuse a damaged file before anything is started", async () => {
    const empty = remembered(emptyDataDir());
    writeFileSync(file("cut.gz"), readFileSync(file("full.jsonl.gz")).subarray(0, -9));

    const { exitCode, out, err } = await hub(["db", "import", file("cut.gz")], empty);

    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
    expect(err).toMatch(/^\S+cut\.gz cannot be read: unexpected end of file$/);
    expect(readdirSync(empty.HUB_DATA_DIR)).toEqual([]);
  });

  test("refuse an output that takes nothing", async () => {
    const nowhere = await hub(["db", "export", file("no/such/folder")], full);
    const output = createWriteStream("/dev/full");
    const disk = await hub(["db", "export", "-"], full, { output });

    expect(nowhere).toMatchObject({ exitCode: 1, out: "" });
    expect(nowhere.err).toMatch(/^\S+folder cannot be written: ENOENT[^\n]+$/);
    expect(disk).toMatchObject({ exitCode: 1, out: "" });
    expect(disk.err).toMatch(/^the output cannot be written: ENOSPC[^\n]+$/);
  });
});
