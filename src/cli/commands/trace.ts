import type { Command } from "commander";
import type { z } from "zod";
import { trace } from "../../http/schemas/trace.ts";
import type { Session } from "../session.ts";
import { cell, table } from "../table.ts";

type Answer = z.output<typeof trace>;

export function addTrace(program: Command, session: Session): void {
  program
    .command("trace")
    .argument("<id>", "a trace id, or the id of a signal or an order")
    .description("a candle and all that came of it, in the order in which it happened")
    .action(async (id: string, _options: object, command: Command) => {
      const path = `/api/v1/trace/${encodeURIComponent(id)}`;
      session.show(await session.hub().get(path, trace), command, told);
    });
}

function told(answer: Answer): string {
  const { traceId, closeTime, steps, logs } = answer;
  const story = table(
    [
      { title: "time", of: ({ at }) => new Date(at).toISOString() },
      { title: "since close ms", of: ({ at }) => String(at - closeTime) },
      { title: "what", of: ({ kind }) => kind },
      { title: "of", of: ({ id }) => id },
      { title: "detail", of: ({ detail }) => detail },
    ],
    steps,
  );
  const lines = logs.map(
    ({ at, level, message }) => `${new Date(at).toISOString()}  ${level}  ${cell(message)}`,
  );
  const parts = [traceId, story, waysOf(answer)];
  return [...parts, ...(lines.length === 0 ? [] : ["", "recent log lines:", ...lines])].join("\n");
}

/** How long each part of the way took, a line for the candle and one for each signal. */
function waysOf({ timings: { closeToAnswerMs, signals } }: Answer): string {
  const ways = signals.map(
    ({ signalId, answerToVerdictMs, verdictToOrderMs, orderToFillMs }) =>
      `${signalId}: answer to verdict ${ms(answerToVerdictMs)}, verdict to order ${ms(verdictToOrderMs)}, ` +
      `order to fill ${ms(orderToFillMs)}`,
  );
  return ["", `close to answer ${ms(closeToAnswerMs)}`, ...ways].join("\n");
}

function ms(value: number | null): string {
  return value === null ? "-" : `${String(value)} ms`;
}
