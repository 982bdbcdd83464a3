import { TokenBook } from "../actors/sentinel/token-book.ts";
import { machineClock } from "../runtime/clock.ts";
import type { Store } from "../store/port.ts";
import { operatorToken } from "./operator-token.ts";
import type { Redactor } from "./redactor.ts";

/**
 * The tokens that open the hub, read before anybody can show one.
 * @throws StartRefusal when the file of the operator's token does not hold one.
 */
export async function openTokens(
  dataDir: string,
  { tokens }: Pick<Store, "tokens">,
  redactor: Redactor,
): Promise<TokenBook> {
  const own = operatorToken(dataDir, redactor);
  const book = new TokenBook({ tokens, own, machineClock, onMade: (token) => redactor.add(token) });
  await book.refresh();
  return book;
}
