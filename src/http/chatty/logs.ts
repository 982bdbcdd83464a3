import type { z } from "zod";
import type { LogLine } from "../deps.ts";
import type { logs } from "../schemas/chatty.ts";
import { iso } from "./numbers.ts";

type LogList = z.input<typeof logs>;

/** Chatty knows four levels. */
const LEVELS: Readonly<Record<LogLine["level"], LogList["logs"][number]["level"]>> = {
  trace: "debug",
  debug: "debug",
  info: "info",
  warn: "warn",
  error: "error",
  fatal: "error",
};
const LONGEST = 300;

/** The newest log lines first, each on one line. */
export function presentLogs(lines: readonly LogLine[], limit: number): LogList {
  const newest = lines.toSorted((a, b) => b.seq - a.seq).slice(0, limit);
  return {
    logs: newest.map(({ seq, at, level, message, source }) => ({
      id: `log-${seq}`,
      timestamp: iso(at),
      level: LEVELS[level],
      message: message.replaceAll(/\s+/g, " ").slice(0, LONGEST),
      ...(source === undefined ? {} : { source }),
    })),
  };
}
