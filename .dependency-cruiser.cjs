/** Bottom first: each entry may import itself and the entries before it. */
const layers = [
  "market/",
  "runtime/",
  "config/",
  "vault/",
  "indicators/",
  "strategies/",
  "risk/",
  "exchanges/",
  "store/",
  "metrics/",
  "actors/",
  "http/",
  "system(\\.ts$|/)",
  "cli/",
  "main\\.ts$",
];
const rule = (name, from, to) => ({ name, severity: "error", from, to });
const enters = (pkg, folder) =>
  rule(
    `${pkg}-enters-through-${folder}`,
    { path: "^(src|test)/", pathNot: `^(src|test)/${folder}/` },
    { path: `node_modules/${pkg}/` },
  );

module.exports = {
  forbidden: [
    rule("no-cycles", {}, { circular: true }),
    rule("no-unresolved-imports", { pathNot: "^test/" }, { couldNotResolve: true }),
    ...layers
      .slice(0, -1)
      .map((layer, i) =>
        rule(
          `${layer}-looks-down`,
          { path: `^src/${layer}` },
          { path: `^src/(${layers.slice(i + 1).join("|")})` },
        ),
      ),
    rule("source-ignores-tests", { path: "^src/" }, { path: "^(test|bench)/" }),
    rule(
      "actors-meet-at-the-protocol",
      { path: "^src/actors/([^/]+)/" },
      { path: "^src/actors/", pathNot: ["^src/actors/$1/", "/protocol\\.ts$"] },
    ),
    rule(
      "http-meets-actors-at-the-protocol",
      { path: "^src/http/" },
      { path: "^src/actors/", pathNot: "/protocol\\.ts$" },
    ),
    rule(
      "protocols-import-only-the-domain",
      { path: "/protocol\\.ts$" },
      { path: "^src/", pathNot: "^src/(market|runtime)/|^src/vault/lease\\.ts$" },
    ),
    rule(
      "adapters-are-chosen-in-system",
      { path: "^src/(config|indicators|strategies|risk|metrics|actors|http)/" },
      { path: "^src/(exchanges|store)/[^/]+/" },
    ),
    enters("comedy", "runtime"),
    enters("ccxt", "exchanges/ccxt"),
    enters("@supabase", "store/supabase"),
    enters("pg", "store/pg"),
    enters("prom-client", "metrics"),
    enters("express", "http"),
    enters("technicalindicators", "indicators"),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
