import type { Board } from "../kit/board.ts";
import { money } from "./money.ts";
import { orders } from "./orders.ts";
import { signals } from "./signals.ts";

/** From the raw signal to the money it made or lost. */
export const trading: Board = {
  uid: "engine-trading",
  title: "Trading",
  about: "What is signalled, why is it refused, how are orders filled, and what does it come to?",
  choices: ["exchange", "portfolio"],
  rows: [money, signals, orders],
};
