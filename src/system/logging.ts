import { type Logger, type LoggerOptions, pino } from "pino";
import pretty from "pino-pretty";
import type { LogLine } from "../http/deps.ts";
import type { Redactor } from "./redactor.ts";

const KEPT_LINES = 500;

export interface Logging {
  readonly log: Logger;
  /** The newest lines, oldest first. */
  recent(): readonly LogLine[];
}

/** Text that must never reach a log line, by shape: what stands between `:` and `@` of an address. */
const CREDENTIALS = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]+:)[^\s@]+@/gi;

/**
 * Takes passwords out of addresses, and every secret that is known; a last net, since nobody should
 * have logged one. A secret that looks like part of the line's own JSON costs the line.
 */
function scrub(line: string, redactor: Redactor): string {
  const safe = redactor.redact(line.replaceAll(CREDENTIALS, "$1<redacted>@"));
  return safe === line || isJson(safe) ? safe : WITHHELD;
}

const WITHHELD = `${JSON.stringify({ level: pino.levels.values["warn"], msg: "<redacted>" })}\n`;

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/**
 * JSON lines on stderr, readable ones when it is a terminal.
 * @param nowMs the hub's clock: lines carry the time that candles carry.
 */
export function createLogging(level: string, nowMs: () => number, redactor: Redactor): Logging {
  const lines: LogLine[] = [];
  let count = 0;
  const keep = (entry: Readonly<Record<string, unknown>>): void => {
    count += 1;
    lines.push({
      seq: count,
      at: nowMs(),
      level: pino.levels.labels[Number(entry["level"])] as LogLine["level"],
      message: textOf(entry["msg"], ""),
      source: textOf(entry["actor"], "hub"),
      ...(typeof entry["traceId"] === "string" ? { traceId: entry["traceId"] } : {}),
    });
    if (lines.length > KEPT_LINES) lines.splice(0, lines.length - KEPT_LINES);
  };
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date(nowMs()).toISOString()}"`,
    hooks: { streamWrite: (line) => scrub(line, redactor) },
  };
  const target = process.stderr.isTTY
    ? pretty({ destination: 2, ignore: "pid,hostname", translateTime: "HH:MM:ss.l" })
    : pino.destination({ dest: 2, sync: true });
  const tee = {
    write(line: string): void {
      keep(JSON.parse(line) as Record<string, unknown>);
      target.write(line);
    },
  };
  return { log: pino(options, tee), recent: () => [...lines] };
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}
