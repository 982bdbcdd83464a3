import { describe, expect, test } from "vitest";
import { compiledUrl } from "../../src/runtime/compiled.ts";

describe("a compiled module's place", () => {
  test("is below dist for code run from its source", () => {
    const url = compiledUrl("./worker.ts", "file:///home/src/hub/src/actors/harvester/spec.ts");

    expect(url.href).toBe("file:///home/src/hub/dist/actors/harvester/worker.js");
  });

  test("is beside the caller once that is compiled", () => {
    const url = compiledUrl("../worker.ts", "file:///hub/dist/actors/harvester/spec.js");

    expect(url.href).toBe("file:///hub/dist/actors/worker.js");
  });
});
