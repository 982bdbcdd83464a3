import type { Check } from "../check.ts";
import { configurationFresh } from "./configuration.ts";
import {
  accountExposure,
  assetExposure,
  nothingToSell,
  openPositions,
  portfolioExposure,
  workingOrder,
} from "./exposure.ts";
import { dayVolume, depthForSize, lotRules, spread } from "./market.ts";
import { cooldown, dailyLoss, drawdown, freeBalance, stopSanity, tradesPerDay } from "./money.ts";
import {
  accountCurrency,
  clockSkew,
  marketActive,
  signalFresh,
  tradingHalted,
  windowComplete,
} from "./state.ts";

/** Every check, in the order in which verdicts record them. New ones go to the end. */
export const ALL_CHECKS: readonly Check[] = [
  tradingHalted,
  signalFresh,
  windowComplete,
  marketActive,
  clockSkew,
  spread,
  depthForSize,
  dayVolume,
  lotRules,
  assetExposure,
  portfolioExposure,
  accountExposure,
  openPositions,
  nothingToSell,
  freeBalance,
  dailyLoss,
  tradesPerDay,
  cooldown,
  drawdown,
  stopSanity,
  workingOrder,
  accountCurrency,
  configurationFresh,
];
