import { type Decimal, decimal, text } from "../../market/decimal.ts";
import { assetsOf } from "../../market/series.ts";
import { amount, brief, limitOf, positive, shown } from "../amounts.ts";
import type { Check, Finding } from "../check.ts";
import { count } from "../fresh.ts";
import type { ReviewInput } from "../input.ts";
import type { Plan } from "../plan.ts";
import { isHolding } from "./state.ts";

/** Compares what is held and this buy with equity; at the limit is still within it. */
function share(
  input: ReviewInput,
  plan: Plan,
  held: Decimal,
  limit: Decimal,
  what: string,
): Finding {
  const { value, quoteAgeMs } = plan.size();
  const atRisk = held.plus(value);
  const equity = positive("equity", input.account.equity.equity);
  return {
    passed: atRisk.lte(equity.times(limit)),
    measured: shown(atRisk.div(equity)),
    limit: shown(limit),
    dataAgeMs: quoteAgeMs,
    detail: `${brief(atRisk)} in ${what} with this buy, of ${brief(equity)} equity`,
  };
}

/** One asset's fall must stay bearable: what is held, what is on its way, and this buy. */
export const assetExposure: Check = {
  name: "asset-exposure",
  unit: "fraction",
  isEntryOnly: true,
  measure(input, plan) {
    const { base } = assetsOf(input.signal.series.pair);
    const held = amount("asset exposure", input.account.equity.exposureByAsset[base] ?? "0");
    const working = amount("working exposure", input.workingAssetExposure);
    const limit = limitOf("maxAssetExposureFraction", input.limits.maxAssetExposureFraction);
    return share(input, plan, held.plus(working), limit, base);
  },
};

/** A portfolio keeps part of the account free of its own positions. */
export const portfolioExposure: Check = {
  name: "portfolio-exposure",
  unit: "fraction",
  isEntryOnly: true,
  measure(input, plan) {
    const held = amount("portfolio exposure", input.portfolioExposure);
    const limit = limitOf(
      "maxPortfolioExposureFraction",
      input.limits.maxPortfolioExposureFraction,
    );
    return share(input, plan, held, limit, `portfolio ${input.portfolio}`);
  },
};

/** Spot has no leverage: all portfolios together never hold more than the account is worth. */
export const accountExposure: Check = {
  name: "account-exposure",
  unit: "fraction",
  isEntryOnly: true,
  measure(input, plan) {
    const held = amount("exposure", input.account.equity.exposure);
    const working = amount("working exposure", input.workingExposure);
    return share(input, plan, held.plus(working), decimal("1"), "the account");
  },
};

/** One position a pair, and not more positions than can be watched. */
export const openPositions: Check = {
  name: "open-positions",
  unit: "count",
  isEntryOnly: true,
  measure(input) {
    const open = count("open positions", input.openPositions);
    const { maxOpenPositions } = input.limits;
    const isHeld = isHolding(input);
    return {
      passed: !isHeld && open < maxOpenPositions,
      measured: open,
      limit: maxOpenPositions,
      detail: isHeld ? "the pair is held already" : `${open} positions are open`,
    };
  },
};

/** A sell without a position would be a short sale. */
export const nothingToSell: Check = {
  name: "nothing-to-sell",
  unit: "base",
  isEntryOnly: false,
  measure(input) {
    if (input.signal.side === "buy") {
      return { passed: true, measured: null, limit: null, detail: "not applicable to a buy" };
    }
    const { position } = input;
    const isHeld = isHolding(input);
    return {
      passed: isHeld,
      measured: position === undefined ? "0" : text(decimal(position.quantity)),
      limit: "0",
      detail: isHeld ? `${position?.quantity} is held` : "nothing of the pair is held",
    };
  },
};

/** A second order in the pair would act on a position that the first is about to change. */
export const workingOrder: Check = {
  name: "working-order",
  unit: "count",
  isEntryOnly: false,
  measure({ workingBuys, workingSells }) {
    const working = count("working buys", workingBuys) + count("working sells", workingSells);
    return {
      passed: working === 0,
      measured: working,
      limit: 0,
      detail: `${working} orders are queued or working in the pair`,
    };
  },
};
