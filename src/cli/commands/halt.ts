import type { Command } from "commander";
import type { z } from "zod";
import { haltList, haltState } from "../../http/schemas/halts.ts";
import { HALT_MODES, type HaltScope, scopeKey } from "../../market/halt.ts";
import { CliRefusal } from "../refusal.ts";
import type { Session } from "../session.ts";
import { instant, table } from "../table.ts";

interface Part {
  readonly exchange?: string;
  readonly pair?: string;
  readonly strategy?: string;
  readonly portfolio?: string;
}

type Standing = z.output<typeof haltList>["halts"];

/** `hub halt`, `hub resume` and `hub halts`: holding trading back, everything or a part. */
export function addHalt(program: Command, session: Session): void {
  forPart(program.command("halt [reason...]"))
    .description("hold trading back until resumed, everything or a part; holds across restarts")
    .option("--mode <mode>", HALT_MODES.join(", "), "reduce-only")
    .action(
      async (words: readonly string[], options: Part & { mode: string }, command: Command) => {
        const scope = scopeOf(options);
        const reason = words.length === 0 ? {} : { reason: words.join(" ") };
        const order = { scope, mode: options.mode, ...reason };
        const answer = await session.hub().post("/api/v1/halt", haltState, order);
        const what = nameOf(scope);
        session.show(answer, command, ({ before }) =>
          before ? `${what} was halted already` : `${what} is halted`,
        );
      },
    );
  forPart(program.command("resume"))
    .description("let trading go on, everything or exactly the part that was halted")
    .action(async (options: Part, command: Command) => {
      const scope = scopeOf(options);
      const answer = await session.hub().post("/api/v1/resume", haltState, { scope });
      session.show(answer, command, ({ before, halts }) => {
        const first = `${nameOf(scope)} ${before ? "is on again" : "was on already"}`;
        return halts.length === 0 ? first : `${first}; still halted:\n${tableOf(halts)}`;
      });
    });
  program
    .command("halts")
    .description("what is held back now, and why")
    .action(async (_options: object, command: Command) => {
      const answer = await session.hub().get("/api/v1/halts", haltList);
      session.show(answer, command, ({ halts }) =>
        halts.length === 0 ? "nothing is halted" : tableOf(halts),
      );
    });
}

function forPart(command: Command): Command {
  return command
    .option("--exchange <id>", "this exchange alone, or with --pair one pair there")
    .option("--pair <pair>", "this pair alone; needs --exchange")
    .option("--strategy <id>", "this strategy alone")
    .option("--portfolio <name>", "this portfolio alone");
}

/** @throws CliRefusal when the options name no one part. */
function scopeOf({ exchange, pair, strategy, portfolio }: Part): HaltScope {
  const scopes: HaltScope[] = [
    ...(strategy === undefined ? [] : [{ kind: "strategy", strategy } as const]),
    ...(portfolio === undefined ? [] : [{ kind: "portfolio", portfolio } as const]),
    ...(exchange === undefined || pair !== undefined
      ? []
      : [{ kind: "exchange", exchange } as const]),
    ...(exchange === undefined || pair === undefined
      ? []
      : [{ kind: "pair", exchange, pair } as const]),
  ];
  const [scope = { kind: "global" } as const, ...more] = scopes;
  if (more.length > 0)
    throw new CliRefusal("name one part: an exchange, a pair, a strategy or a portfolio");
  if (pair !== undefined && exchange === undefined) throw new CliRefusal("--pair needs --exchange");
  return scope;
}

function nameOf(scope: HaltScope): string {
  return scope.kind === "global" ? "trading" : scopeKey(scope);
}

function tableOf(halts: Standing): string {
  return table(
    [
      { title: "what", of: ({ scope }: Standing[number]) => scopeKey(scope) },
      { title: "mode", of: ({ mode }: Standing[number]) => mode },
      { title: "cause", of: ({ cause }: Standing[number]) => cause },
      { title: "by", of: ({ by }: Standing[number]) => by },
      { title: "since", of: ({ at }: Standing[number]) => instant(at) },
      { title: "reason", of: ({ reason }: Standing[number]) => reason },
    ],
    halts,
  );
}
