import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { addAuditLeaks } from "./leaks.ts";
import { addAuditLists } from "./lists.ts";
import { addAuditVerify } from "./verify.ts";

/** @param end called with the exit code when something is not as it should be. */
export function addAudit(program: Command, session: Session, end: (code: number) => void): void {
  const audit = program.command("audit").description("who did what, and who had which secret");
  addAuditLists(audit, session);
  addAuditVerify(audit, session, end);
  addAuditLeaks(audit, session, end);
}
