import { send } from "../kit/client.ts";
import {
  accountRules,
  brokerRules,
  healthRules,
  listRules,
  performanceRules,
  snapshotRules,
  statusRules,
  tradesRules,
} from "./answers.ts";
import { type Body, bodyOf, entriesOf, type Rule } from "./rules.ts";

const PATHS: Readonly<Record<string, (body: Body) => readonly Rule[]>> = {
  "/api/health": healthRules,
  "/api/status": statusRules,
  "/api/snapshot": snapshotRules,
  "/api/trades/history?limit=50&offset=0": tradesRules,
  "/api/performance?period=30d": performanceRules,
  "/api/markets": (body) => listRules("markets", body),
  "/api/insights": (body) => listRules("insights", body),
  "/api/logs/recent?limit=20": (body) => listRules("logs", body),
  "/api/brokers": brokerRules,
  "/api/account": accountRules,
};

const HOSTILE = ["limit=0", "limit=-5", "limit=abc", "limit=1e9", "limit=1&limit=2", "limit=1,2"];
const WRONG_CHOICES = ['{"broker_id":"nope"}', "{}", '{"broker_id":7}', "not json", "[]"];
/** Fields that are text although they may be written with digits alone. */
const TEXTS = /(id|version|message|content|value|title)$/;

/**
 * Asks an engine everything that the Finance tab's page rests on; answers which rules it breaks, by
 * their numbers in the page's contract. Chooses no broker but wrong ones.
 */
export async function broken(url: string): Promise<readonly string[]> {
  const found: Rule[] = [];
  for (const [path, rulesOf] of Object.entries(PATHS)) {
    const { status, json } = await send(url, path);
    const body = bodyOf(json);
    found.push(
      [`C-01 ${path}`, status === 200 && !Array.isArray(json)],
      [`C-01 ${path}: error`, !body["error"] && !body["fallback"]],
      [`C-07 ${path}`, !holdsNumericText(body)],
      ...rulesOf(body),
    );
  }
  found.push(...(await agreements(url)), ...(await paging(url)), ...(await spellings(url)));
  found.push(...(await choices(url)));
  return found.filter(([, holds]) => !holds).map(([rule]) => rule);
}

function holdsNumericText(value: unknown, key = ""): boolean {
  if (typeof value === "string") return !TEXTS.test(key) && /^-?\d+(\.\d+)?$/.test(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, inner]) => holdsNumericText(inner, name));
}

/** Looks at figures that are asked for one after another; a market that moves may need several. */
const MOST_LOOKS = 20;

/** The same figures wherever they are shown, at a moment in which none of them moves. */
async function agreements(url: string): Promise<readonly Rule[]> {
  const of = async (path: string): Promise<Body> => bodyOf((await send(url, path)).json);
  const figures = ["pnl_today", "account_balance", "open_pnl"];
  let status = await of("/api/status");
  let [account, snapshot, brokers]: [Body, Body, Body] = [{}, {}, {}];
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const before = status;
    account = await of("/api/account");
    snapshot = await of("/api/snapshot");
    brokers = await of("/api/brokers");
    status = await of("/api/status");
    if (figures.every((key) => before[key] === status[key])) break;
  }
  const idsOf = (body: Body): string =>
    JSON.stringify(
      (entriesOf(body["brokers"]) ?? [])
        .map(({ id }) => String(id))
        .toSorted((a, b) => a.localeCompare(b)),
    );
  const isSame = (key: string): boolean =>
    status[key] === account[key] && (!(key in snapshot) || snapshot[key] === status[key]);
  return [
    ["C-28", figures.every(isSame)],
    ["C-76", idsOf(status) === idsOf(brokers)],
  ];
}

async function paging(url: string): Promise<readonly Rule[]> {
  const trades = async (query: string): Promise<readonly Body[]> =>
    entriesOf(bodyOf((await send(url, `/api/trades/history?${query}`)).json)["trades"]) ?? [];
  const [all, one, second] = [
    await trades("limit=50"),
    await trades("limit=1"),
    await trades("limit=1&offset=1"),
  ];
  const statuses = await Promise.all(
    ["/api/trades/history", "/api/logs/recent"].flatMap((path) =>
      HOSTILE.map(async (query) => (await send(url, `${path}?${query}`)).status),
    ),
  );
  const odd = await send(url, "/api/performance?period=%00nonsense");
  return [
    ["C-44 limit", one.length <= 1],
    ["C-44 offset", second[0]?.["id"] === all[1]?.["id"]],
    ["C-44 hostile", statuses.every((status) => status < 500)],
    ["C-56", odd.status < 500],
  ];
}

async function spellings(url: string): Promise<readonly Rule[]> {
  const rules: Rule[] = [];
  for (const name of ["logs/recent", "brokers", "account"]) {
    const plain = await send(url, `/api/${name}`);
    for (const path of [`/api/api/${name}`, `//api/${name}`, `/api//api/${name}`]) {
      const answer = await send(url, path);
      rules.push([`C-03 ${path}`, answer.status === plain.status]);
    }
  }
  return rules;
}

async function choices(url: string): Promise<readonly Rule[]> {
  const active = async (): Promise<unknown> =>
    bodyOf((await send(url, "/api/status")).json)["active_broker_id"];
  const before = await active();
  const rules: Rule[] = [];
  for (const raw of WRONG_CHOICES) {
    const { status } = await send(url, "/api/set-active-broker", { method: "POST", raw });
    rules.push([`C-81 ${raw}`, status >= 400 && status < 500 && (await active()) === before]);
  }
  return rules;
}
