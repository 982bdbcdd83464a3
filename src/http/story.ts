import type { z } from "zod";
import type { Order } from "../market/order.ts";
import { seriesKey } from "../market/series.ts";
import { closeTimeOf } from "../market/timeframe.ts";
import type { Origin } from "../market/trace.ts";
import type { Story } from "../store/trace-port.ts";
import { STEP_KINDS, type trace } from "./schemas/trace.ts";

type Answer = z.input<typeof trace>;
type Step = Answer["steps"][number];

const step = (at: number, kind: Step["kind"], id: string | null, detail: string): Step => ({
  at,
  kind,
  id,
  detail,
});

/** Everything that happened to a candle and because of it, oldest first. */
export function stepsOf(origin: Origin, story: Story): readonly Step[] {
  const steps = [
    ...candleSteps(origin, story),
    ...signalSteps(story),
    ...story.orders.flatMap(orderSteps),
    ...tradeSteps(story),
  ];
  const rank = ({ kind }: Step): number => STEP_KINDS.indexOf(kind);
  return steps.toSorted((a, b) => a.at - b.at || rank(a) - rank(b));
}

/** How long each part of the way took; null for a part that was not gone. */
export function timingsOf({ series, openTime }: Origin, story: Story): Answer["timings"] {
  const answeredAt = story.candle?.fetchedAt;
  const closedAt = closeTimeOf(series.timeframe, openTime);
  return {
    closeToAnswerMs: lag(closedAt, answeredAt),
    signals: story.signals.map(({ signal: { id }, verdict }) => {
      const order = story.orders.find(({ signalId }) => signalId === id);
      const fills = story.fills.filter(
        ({ clientOrderId }) => clientOrderId === order?.clientOrderId,
      );
      const sentAt = order === undefined ? undefined : sentAtOf(order);
      return {
        signalId: id,
        answerToVerdictMs: lag(answeredAt, verdict?.decidedAt),
        verdictToOrderMs: lag(verdict?.decidedAt, order?.createdAt),
        orderToFillMs: lag(sentAt, fills[0]?.filledAt),
      };
    }),
  };
}

/** By the exchange's clock on one side and ours on the other it may come out below zero. */
function lag(from: number | undefined, to: number | undefined): number | null {
  return from === undefined || to === undefined ? null : to - from;
}

function sentAtOf(order: Order): number | undefined {
  return "sentAt" in order ? order.sentAt : undefined;
}

function candleSteps({ series, openTime }: Origin, { candle, gap }: Story): readonly Step[] {
  const steps = [
    step(closeTimeOf(series.timeframe, openTime), "candle-closed", null, seriesKey(series)),
  ];
  if (candle !== null) {
    const { close, source, attempt, revision } = candle;
    const changed = revision === 1 ? "" : `, changed since, revision ${revision}`;
    const what = `at ${close}, by ${source}, attempt ${attempt}${changed}`;
    steps.push(step(candle.fetchedAt, "candle-stored", null, what));
  }
  if (gap !== null) {
    steps.push(step(gap.noticedAt, "gap-noticed", null, gap.reason));
    if (gap.settledAt !== null) steps.push(step(gap.settledAt, "gap-settled", null, gap.state));
  }
  return steps;
}

function signalSteps({ signals, queue }: Story): readonly Step[] {
  const raised = signals.flatMap(({ signal, verdict }) => {
    const { id, strategy, side, price, raisedAt } = signal;
    const steps = [step(raisedAt, "signal-raised", id, `${strategy} says ${side} at ${price}`)];
    if (verdict === null) return steps;
    const what =
      verdict.decision === "accepted"
        ? `accepted: ${verdict.quantity}`
        : `refused: ${verdict.reasons.join(", ")}`;
    return [...steps, step(verdict.decidedAt, "verdict-given", id, what)];
  });
  const queued = queue.map(({ order, enqueuedAt, status }) =>
    step(enqueuedAt, "queued", order.clientOrderId, `is ${status} by now`),
  );
  return [...raised, ...queued];
}

function orderSteps(order: Order): readonly Step[] {
  const { clientOrderId: id, origin, side, quantity, pair, createdAt, state } = order;
  const steps = [
    step(createdAt, "order-created", id, `${side} ${quantity} ${pair} for the ${origin}`),
  ];
  const sentAt = sentAtOf(order);
  if (sentAt !== undefined) steps.push(step(sentAt, "order-sent", id, `to ${order.exchange}`));
  if ("endedAt" in order) {
    const why = "reason" in order ? `: ${order.reason}` : "";
    steps.push(step(order.endedAt, "order-ended", id, `${state}${why}`));
  }
  return steps;
}

function tradeSteps({ orders, fills, positions }: Story): readonly Step[] {
  const filled = fills.map(({ clientOrderId, quantity, price, fee, feeCurrency, filledAt }) =>
    step(
      filledAt,
      "order-filled",
      clientOrderId,
      `${quantity} at ${price}, fee ${fee} ${feeCurrency}`,
    ),
  );
  const opened = positions
    .filter(({ id }) => orders.some(({ clientOrderId }) => clientOrderId === id))
    .map(({ id, openedAt, pair }) => step(openedAt, "position-opened", id, pair));
  // A position ends with the fill that sold the last of it.
  const closed = positions.flatMap(({ id, pair, closedAt }) =>
    closedAt !== undefined && fills.some(({ filledAt }) => filledAt === closedAt)
      ? [step(closedAt, "position-closed", id, pair)]
      : [],
  );
  return [...filled, ...opened, ...closed];
}
