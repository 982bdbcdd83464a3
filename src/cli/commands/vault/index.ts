import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { addVaultCopies } from "./copies.ts";
import { addVaultValues } from "./values.ts";

export function addVault(program: Command, session: Session): void {
  const vault = program
    .command("vault")
    .description("the vault: VVAULT when VVAULT_URL is set, else the hub's own");
  addVaultValues(vault, session);
  addVaultCopies(vault, session);
}
