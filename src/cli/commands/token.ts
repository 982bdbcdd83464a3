import { type Command, InvalidArgumentError, Option } from "commander";
import { createdToken, revokedToken, tokens } from "../../http/schemas/tokens.ts";
import { ROLES } from "../../market/token.ts";
import type { Session } from "../session.ts";
import { instant, table } from "../table.ts";

const PATH = "/api/v1/tokens";

interface CreateOptions {
  readonly name: string;
  readonly role: string;
  readonly expiresDays?: number;
}

/** `hub token`: who else may ask the hub. */
export function addToken(program: Command, session: Session): void {
  const token = program.command("token").description("tokens that open the hub's API, by role");
  addCreate(token, session);
  addList(token, session);
  token
    .command("revoke <id>")
    .description("take a token from whoever has it, for good")
    .action(async (id: string, _options: object, command: Command) => {
      const path = `${PATH}/${encodeURIComponent(id)}`;
      const answer = await session.hub().delete(path, revokedToken);
      session.show(answer, command, ({ name }) => `the token of ${name} opens nothing any more`);
    });
}

function addCreate(token: Command, session: Session): void {
  token
    .command("create")
    .description("make a token and print it, this once")
    .requiredOption("--name <name>", "what the audit log calls whoever shows it")
    .addOption(new Option("--role <role>").choices(ROLES).makeOptionMandatory())
    .option("--expires-days <n>", "how long it lasts; without it, until it is revoked", days)
    .action(async ({ name, role, expiresDays }: CreateOptions, command: Command) => {
      const order = { name, role, ...(expiresDays === undefined ? {} : { expiresDays }) };
      const answer = await session.hub().post(PATH, createdToken, order);
      session.show(answer, command, (made) => made.token);
    });
}

function addList(token: Command, session: Session): void {
  token
    .command("list")
    .description("every token that is not revoked, then those that are")
    .action(async (_options: object, command: Command) => {
      const answer = await session.hub().get(PATH, tokens);
      session.show(answer, command, (value) =>
        table(
          [
            { title: "id", of: ({ id }) => id },
            { title: "name", of: ({ name }) => name },
            { title: "role", of: ({ role }) => role },
            { title: "created", of: ({ createdAt }) => instant(createdAt) },
            { title: "last used", of: ({ lastUsedAt }) => instant(lastUsedAt) },
            { title: "expires", of: ({ expiresAt }) => instant(expiresAt) },
            { title: "revoked", of: ({ revokedAt }) => instant(revokedAt) },
          ],
          value.tokens,
        ),
      );
    });
}

/** Reads `--expires-days`. */
function days(text: string): number {
  if (/^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 3_650) return Number(text);
  throw new InvalidArgumentError("must be a whole number from 1 to 3650.");
}
