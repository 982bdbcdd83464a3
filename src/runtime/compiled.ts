/**
 * Where a source file's compiled form is, for code that another process loads by itself.
 * Compiled code finds its compiled neighbours; code run from `src` finds them below `dist`.
 * @param source relative to the caller, ending in `.ts`.
 * @param caller the caller's `import.meta.url`.
 */
export function compiledUrl(source: string, caller: string): URL {
  const compiled = new URL(source.replace(/\.ts$/, ".js"), caller).href;
  if (!caller.endsWith(".ts")) return new URL(compiled);
  const at = compiled.lastIndexOf("/src/");
  return new URL(at < 0 ? compiled : `${compiled.slice(0, at)}/dist/${compiled.slice(at + 5)}`);
}
