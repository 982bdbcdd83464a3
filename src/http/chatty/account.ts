import type { z } from "zod";
import { decimal, text } from "../../market/decimal.ts";
import type { account } from "../schemas/chatty.ts";
import { numberOf } from "./numbers.ts";
import type { Scene } from "./scene.ts";

/** The account's figures; all null until the account was read once. */
export function presentAccount({ picture, equity, pnlToday }: Scene): z.input<typeof account> {
  const held = picture.account;
  const free = held === null ? null : decimal(held.cash).minus(decimal(held.reserved));
  return {
    account_balance: numberOf(held?.cash),
    equity: numberOf(equity?.equity),
    open_pnl: numberOf(equity?.openPnl),
    pnl_today: numberOf(pnlToday),
    currency: held?.currency ?? "USD",
    margin_used: numberOf(held?.reserved),
    margin_available: free === null ? null : numberOf(text(free)),
  };
}
