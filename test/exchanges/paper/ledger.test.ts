import { paperLedgerInMemory } from "../../kit/paper-ledger.ts";
import { paperPromises } from "../../store/contract/paper.ts";

paperPromises({ ledger: paperLedgerInMemory() });
