import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Forked actors, PostgreSQL and whole hubs each want a core: files share what the machine has.
    maxWorkers: 2,
  },
});
