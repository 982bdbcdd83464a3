import type { CcxtClass } from "./ccxt-client.ts";

/**
 * Loads one exchange class of ccxt and nothing else: the whole package costs a second and a half
 * and 80 MB, one class a quarter of both. ccxt exports only its bundle, but a file address is not
 * guarded; it relies on the package's layout, so the version is pinned and a test loads each class.
 * @throws RangeError for an id that is no plain name.
 */
export async function loadExchangeClass(id: string): Promise<CcxtClass> {
  if (!/^[a-z0-9]+$/.test(id)) throw new RangeError(`not an exchange id: ${JSON.stringify(id)}`);
  const address = new URL(`./src/${id}.js`, import.meta.resolve("ccxt")).href;
  const module = (await import(address)) as { readonly default: CcxtClass };
  return module.default;
}
