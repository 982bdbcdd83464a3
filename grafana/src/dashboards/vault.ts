import type { Board, Row } from "../kit/board.ts";
import { bars, lines, stat, table, timeline } from "../kit/kinds.ts";
import { grown, max, pick, quantile, rate, sum } from "../kit/query.ts";
import { atLeast, atMost, NEVER } from "../kit/steps.ts";

const secrets: Row = {
  title: "Are secrets to be had?",
  panels: [
    stat({
      title: "Vault",
      about:
        "Whether the vault serves. While it does not, what is remembered is used until its lease ends.",
      unit: "short",
      runbook: "EngineVaultDown",
      queries: [{ expr: `min(${pick("engine_vault_up")})` }],
      steps: atLeast(1),
      words: { 0: "DOWN", 1: "UP" },
      width: 4,
      height: 7,
    }),
    bars({
      title: "Requests for secrets",
      about: "By what became of them. Each is a line of the ledger.",
      unit: "short",
      runbook: "EngineVaultDenied",
      queries: [
        {
          expr: `sum by (outcome) (increase(${pick("engine_vault_requests_total")}[$__rate_interval]))`,
          legend: "{{outcome}}",
        },
      ],
      width: 10,
    }),
    lines({
      title: "Time of a request to the vault",
      about: "95 of a hundred requests took at most this long.",
      unit: "s",
      runbook: "EngineVaultDown",
      queries: [
        {
          expr: quantile(0.95, "backend", "engine_vault_request_duration_seconds"),
          legend: "p95 {{backend}}",
        },
      ],
      width: 10,
    }),
    table({
      title: "Who asked",
      about: "Requests within the time shown, by actor and outcome.",
      unit: "short",
      decimals: 0,
      runbook: "EngineVaultDenied",
      queries: [{ expr: sum("actor, outcome", grown("engine_vault_requests_total")) }],
      columns: { actor: "Actor", outcome: "Outcome", Value: "Requests" },
      width: 12,
      height: 9,
    }),
    stat({
      title: "Values voided by the vault",
      about: "Values that were changed or taken away while they were lent, within the time shown.",
      unit: "short",
      decimals: 0,
      runbook: "EngineVaultDenied",
      queries: [{ expr: sum("", `increase(${pick("engine_vault_revocations_total")}[$__range])`) }],
      width: 4,
      height: 9,
    }),
    stat({
      title: "Strategies last confirmed",
      about:
        "Since the vault said which strategies run. Beyond the limit no new position is opened.",
      unit: "s",
      runbook: "EngineConfigurationExpired",
      queries: [
        { expr: max("", pick("engine_strategy_configuration_age_seconds")), legend: "age" },
      ],
      steps: atMost(43_200, 86_400),
      width: 4,
      height: 9,
    }),
    stat({
      title: "Credentials refused",
      about: "Requests of the API with a wrong token or none, within the time shown, by reason.",
      unit: "short",
      decimals: 0,
      runbook: "EngineAuthFailures",
      queries: [
        {
          expr: sum("reason", `increase(${pick("engine_auth_failures_total")}[$__range])`),
          legend: "{{reason}}",
        },
      ],
      steps: atMost(10, 100),
      width: 4,
      height: 9,
    }),
  ],
};

const ledger: Row = {
  title: "Is everything written down?",
  panels: [
    lines({
      title: "Lines of the ledger",
      about: "Written each second, by kind.",
      unit: "cps",
      runbook: "EngineAuditVerifyStale",
      queries: [{ expr: sum("kind", rate("engine_audit_records_total")), legend: "{{kind}}" }],
      width: 10,
    }),
    stat({
      title: "Chain last verified",
      about:
        "Time since the hub last recomputed the whole chain of the ledger and found it unbroken.",
      unit: "s",
      runbook: "EngineAuditVerifyStale",
      queries: [
        {
          expr: `time() - max(${pick("engine_audit_verify_last_success_timestamp_seconds")})`,
        },
      ],
      steps: atMost(90_000, 93_600),
      width: 4,
      height: 7,
    }),
    timeline({
      title: "Vault over time",
      about: "When the vault served, and when not.",
      unit: "short",
      runbook: "EngineVaultDown",
      queries: [{ expr: `1 - min(${pick("engine_vault_up")})`, legend: "vault" }],
      steps: NEVER,
      words: { 0: "up", 1: "down" },
      width: 10,
    }),
  ],
};

/** Who asks for what, whether the vault serves, and whether the ledger holds. */
export const vault: Board = {
  uid: "engine-vault",
  title: "Vault and security",
  about: "Are secrets to be had, who asks for them, and is everything written down?",
  choices: [],
  rows: [secrets, ledger],
};
