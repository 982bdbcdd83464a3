type hub.candle_source as enum ('poll', 'retry', 'bootstrap', 'backfill');

table hub.account (
  single boolean not null default true,
  broker text not null,
  currency text not null,
  cash numeric not null,
  starting_cash numeric not null,
  peak_equity numeric not null,
  day_start_equity numeric not null,
  day_start timestamp with time zone not null,
  traded numeric not null default 0,
  CHECK (single),
  PRIMARY KEY (single)
) row level security;
table hub.active_watchlist (
  portfolio text not null,
  series_id integer not null,
  added_by text not null,
  added_at timestamp with time zone not null,
  FOREIGN KEY (portfolio) REFERENCES hub.portfolios(name),
  FOREIGN KEY (series_id) REFERENCES hub.series(id),
  PRIMARY KEY (portfolio, series_id)
) row level security;
table hub.audit (
  id bigint not null generated always as identity,
  at timestamp with time zone not null,
  who text not null,
  what text not null,
  detail jsonb not null,
  hash bytea not null,
  PRIMARY KEY (id)
) row level security;
table hub.candle_revisions (
  open_time timestamp with time zone not null,
  open double precision not null,
  high double precision not null,
  low double precision not null,
  close double precision not null,
  volume double precision not null,
  fetched_at timestamp with time zone not null,
  chain_seq bigint not null,
  series_id integer not null,
  source hub.candle_source not null,
  tf smallint not null,
  attempt smallint not null,
  revision smallint not null,
  hash bytea not null,
  replaced_at timestamp with time zone not null default now(),
  PRIMARY KEY (tf, series_id, open_time, revision)
) row level security;
table hub.candles (
  open_time timestamp with time zone not null,
  open double precision not null,
  high double precision not null,
  low double precision not null,
  close double precision not null,
  volume double precision not null,
  fetched_at timestamp with time zone not null,
  chain_seq bigint not null,
  series_id integer not null,
  source hub.candle_source not null,
  tf smallint not null,
  attempt smallint not null,
  revision smallint not null,
  hash bytea not null,
  CHECK (((high >= low) AND (high >= open) AND (high >= close) AND (low <= open) AND (low <= close) AND (volume >= (0)::double precision))),
  PRIMARY KEY (tf, series_id, open_time)
) partition by LIST (tf) row level security;
table hub.candles_1 (
  open_time timestamp with time zone not null,
  open double precision not null,
  high double precision not null,
  low double precision not null,
  close double precision not null,
  volume double precision not null,
  fetched_at timestamp with time zone not null,
  chain_seq bigint not null,
  series_id integer not null,
  source hub.candle_source not null,
  tf smallint not null,
  attempt smallint not null,
  revision smallint not null,
  hash bytea not null,
  CHECK (((high >= low) AND (high >= open) AND (high >= close) AND (low <= open) AND (low <= close) AND (volume >= (0)::double precision))),
  PRIMARY KEY (tf, series_id, open_time)
) partition by RANGE (open_time) of hub.candles FOR VALUES IN ('1') row level security;
table hub.candles_10080 (
  open_time timestamp with time zone not null,
  open double precision not null,
  high double precision not null,
  low double precision not null,
  close double precision not null,
  volume double precision not null,
  fetched_at timestamp with time zone not null,
  chain_seq bigint not null,
  series_id integer not null,
  source hub.candle_source not null,
  tf smallint not null,
  attempt smallint not null,
  revision smallint not null,
  hash bytea not null,
  CHECK (((high >= low) AND (high >= open) AND (high >= close) AND (low <= open) AND (low <= close) AND (volume >= (0)::double precision))),
  PRIMARY KEY (tf, series_id, open_time)
) of hub.candles FOR VALUES IN ('10080') row level security;
table hub.candles_1440 (
  open_time timestamp with time zone not null,
  open double precision not null,
  high double precision not null,
  low double precision not null,
  close double precision not null,
  volume double precision not null,
  fetched_at timestamp with time zone not null,
  chain_seq bigint not null,
  series_id integer not null,
  source hub.candle_source not null,
  tf smallint not null,
  attempt smallint not null,
  revision smallint not null,
  hash bytea not null,
  CHECK (((high >= low) AND (high >= open) AND (high >= close) AND (low <= open) AND (low <= close) AND (volume >= (0)::double precision))),
  PRIMARY KEY (tf, series_id, open_time)
) of hub.candles FOR VALUES IN ('1440') row level security;
table hub.candles_15 (
  open_time timestamp with time zone not null,
  open double precision not null,
  high double precision not null,
  low double precision not null,
  close double precision not null,
  volume double precision not null,
  fetched_at timestamp with time zone not null,
  chain_seq bigint not null,
  series_id integer not null,
  source hub.candle_source not null,
  tf smallint not null,
  attempt smallint not null,
  revision smallint not null,
  hash bytea not null,
  CHECK (((high >= low) AND (high >= open) AND (high >= close) AND (low <= open) AND (low <= close) AND (volume >= (0)::double precision))),
  PRIMARY KEY (tf, series_id, open_time)
) partition by RANGE (open_time) of hub.candles FOR VALUES IN ('15') row level security;
table hub.candles_15_default (
  open_time timestamp with time zone not null,
  open double precision not null,
  high double precision not null,
  low double precision not null,
  close double precision not null,
  volume double precision not null,
  fetched_at timestamp with time zone not null,
  chain_seq bigint not null,
  series_id integer not null,
  source hub.candle_source not null,
  tf smallint not null,
  attempt smallint not null,
  revision smallint not null,
  hash bytea not null,
  CHECK (((high >= low) AND (high >= open) AND (high >= close) AND (low <= open) AND (low <= close) AND (volume >= (0)::double precision))),
  PRIMARY KEY (tf, series_id, open_time)
) of hub.candles_15 DEFAULT row level security;
table hub.candles_1_default (
  open_time timestamp with time zone not null,
  open double precision not null,
  high double precision not null,
  low double precision not null,
  close double precision not null,
  volume double precision not null,
  fetched_at timestamp with time zone not null,
  chain_seq bigint not null,
  series_id integer not null,
  source hub.candle_source not null,
  tf smallint not null,
  attempt smallint not null,
  revision smallint not null,
  hash bytea not null,
  CHECK (((high >= low) AND (high >= open) AND (high >= close) AND (low <= open) AND (low <= close) AND (volume >= (0)::double precision))),
  PRIMARY KEY (tf, series_id, open_time)
) of hub.candles_1 DEFAULT row level security;
table hub.candles_240 (
  open_time timestamp with time zone not null,
  open double precision not null,
  high double precision not null,
  low double precision not null,
  close double precision not null,
  volume double precision not null,
  fetched_at timestamp with time zone not null,
  chain_seq bigint not null,
  series_id integer not null,
  source hub.candle_source not null,
  tf smallint not null,
  attempt smallint not null,
  revision smallint not null,
  hash bytea not null,
  CHECK (((high >= low) AND (high >= open) AND (high >= close) AND (low <= open) AND (low <= close) AND (volume >= (0)::double precision))),
  PRIMARY KEY (tf, series_id, open_time)
) of hub.candles FOR VALUES IN ('240') row level security;
table hub.candles_30 (
  open_time timestamp with time zone not null,
  open double precision not null,
  high double precision not null,
  low double precision not null,
  close double precision not null,
  volume double precision not null,
  fetched_at timestamp with time zone not null,
  chain_seq bigint not null,
  series_id integer not null,
  source hub.candle_source not null,
  tf smallint not null,
  attempt smallint not null,
  revision smallint not null,
  hash bytea not null,
  CHECK (((high >= low) AND (high >= open) AND (high >= close) AND (low <= open) AND (low <= close) AND (volume >= (0)::double precision))),
  PRIMARY KEY (tf, series_id, open_time)
) partition by RANGE (open_time) of hub.candles FOR VALUES IN ('30') row level security;
table hub.candles_30_default (
  open_time timestamp with time zone not null,
  open double precision not null,
  high double precision not null,
  low double precision not null,
  close double precision not null,
  volume double precision not null,
  fetched_at timestamp with time zone not null,
  chain_seq bigint not null,
  series_id integer not null,
  source hub.candle_source not null,
  tf smallint not null,
  attempt smallint not null,
  revision smallint not null,
  hash bytea not null,
  CHECK (((high >= low) AND (high >= open) AND (high >= close) AND (low <= open) AND (low <= close) AND (volume >= (0)::double precision))),
  PRIMARY KEY (tf, series_id, open_time)
) of hub.candles_30 DEFAULT row level security;
table hub.candles_5 (
  open_time timestamp with time zone not null,
  open double precision not null,
  high double precision not null,
  low double precision not null,
  close double precision not null,
  volume double precision not null,
  fetched_at timestamp with time zone not null,
  chain_seq bigint not null,
  series_id integer not null,
  source hub.candle_source not null,
  tf smallint not null,
  attempt smallint not null,
  revision smallint not null,
  hash bytea not null,
  CHECK (((high >= low) AND (high >= open) AND (high >= close) AND (low <= open) AND (low <= close) AND (volume >= (0)::double precision))),
  PRIMARY KEY (tf, series_id, open_time)
) partition by RANGE (open_time) of hub.candles FOR VALUES IN ('5') row level security;
table hub.candles_5_default (
  open_time timestamp with time zone not null,
  open double precision not null,
  high double precision not null,
  low double precision not null,
  close double precision not null,
  volume double precision not null,
  fetched_at timestamp with time zone not null,
  chain_seq bigint not null,
  series_id integer not null,
  source hub.candle_source not null,
  tf smallint not null,
  attempt smallint not null,
  revision smallint not null,
  hash bytea not null,
  CHECK (((high >= low) AND (high >= open) AND (high >= close) AND (low <= open) AND (low <= close) AND (volume >= (0)::double precision))),
  PRIMARY KEY (tf, series_id, open_time)
) of hub.candles_5 DEFAULT row level security;
table hub.candles_60 (
  open_time timestamp with time zone not null,
  open double precision not null,
  high double precision not null,
  low double precision not null,
  close double precision not null,
  volume double precision not null,
  fetched_at timestamp with time zone not null,
  chain_seq bigint not null,
  series_id integer not null,
  source hub.candle_source not null,
  tf smallint not null,
  attempt smallint not null,
  revision smallint not null,
  hash bytea not null,
  CHECK (((high >= low) AND (high >= open) AND (high >= close) AND (low <= open) AND (low <= close) AND (volume >= (0)::double precision))),
  PRIMARY KEY (tf, series_id, open_time)
) of hub.candles FOR VALUES IN ('60') row level security;
table hub.chain_anchors (
  series_id integer not null,
  chain_seq bigint not null,
  hash bytea not null,
  FOREIGN KEY (series_id) REFERENCES hub.series(id),
  PRIMARY KEY (series_id, chain_seq)
) row level security;
table hub.equity (
  account text not null,
  day date not null,
  open numeric not null,
  high numeric not null,
  low numeric not null,
  close numeric not null,
  brought_in numeric not null,
  marked_at timestamp with time zone not null,
  PRIMARY KEY (account, day)
) row level security;
table hub.facts (
  name text not null,
  noted_at timestamp with time zone not null default now(),
  PRIMARY KEY (name)
) row level security;
table hub.fills (
  client_order_id text not null,
  id text not null,
  exchange text not null,
  pair text not null,
  side text not null,
  quantity numeric not null,
  price numeric not null,
  fee numeric not null,
  fee_currency text not null,
  liquidity text not null,
  filled_at timestamp with time zone not null,
  CHECK ((liquidity = ANY (ARRAY['maker'::text, 'taker'::text]))),
  CHECK ((quantity > (0)::numeric)),
  CHECK ((side = ANY (ARRAY['buy'::text, 'sell'::text]))),
  FOREIGN KEY (client_order_id) REFERENCES hub.orders(client_order_id),
  PRIMARY KEY (client_order_id, id)
) row level security;
table hub.gaps (
  id bigint not null generated always as identity,
  series_id integer not null,
  open_time timestamp with time zone not null,
  state text not null,
  reason text not null,
  attempts integer not null,
  noticed_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  discarded_at timestamp with time zone,
  CHECK ((attempts >= 0)),
  CHECK ((state = ANY (ARRAY['pending'::text, 'missing'::text, 'empty'::text, 'healed'::text]))),
  FOREIGN KEY (series_id) REFERENCES hub.series(id),
  PRIMARY KEY (id),
  UNIQUE (series_id, open_time)
) row level security;
table hub.halts (
  id bigint not null generated always as identity,
  by text not null,
  reason text not null,
  at timestamp with time zone not null,
  resumed_by text,
  resumed_at timestamp with time zone,
  scope text not null default 'global'::text,
  exchange text,
  pair text,
  strategy text,
  portfolio text,
  mode text not null default 'reduce-only'::text,
  cause text not null default 'operator'::text,
  superseded boolean not null default false,
  CHECK (
CASE scope
    WHEN 'global'::text THEN (num_nonnulls(exchange, pair, strategy, portfolio) = 0)
    WHEN 'exchange'::text THEN ((exchange IS NOT NULL) AND (num_nonnulls(pair, strategy, portfolio) = 0))
    WHEN 'pair'::text THEN ((num_nonnulls(exchange, pair) = 2) AND (num_nonnulls(strategy, portfolio) = 0))
    WHEN 'strategy'::text THEN ((strategy IS NOT NULL) AND (num_nonnulls(exchange, pair, portfolio) = 0))
    ELSE ((portfolio IS NOT NULL) AND (num_nonnulls(exchange, pair, strategy) = 0))
END),
  CHECK ((cause = ANY (ARRAY['operator'::text, 'daily-loss'::text, 'drawdown'::text, 'stale-data'::text, 'clock-skew'::text, 'reconciliation'::text]))),
  CHECK ((mode = ANY (ARRAY['no-entries'::text, 'reduce-only'::text, 'flatten'::text, 'quarantine'::text]))),
  CHECK ((scope = ANY (ARRAY['global'::text, 'exchange'::text, 'pair'::text, 'strategy'::text, 'portfolio'::text]))),
  PRIMARY KEY (id)
) row level security;
table hub.leases (
  name text not null,
  holder uuid not null,
  instance text not null,
  epoch bigint not null,
  expires_at timestamp with time zone not null,
  sought_until timestamp with time zone,
  CHECK ((length(instance) <= 200)),
  CHECK ((name ~ '^[a-z][a-z0-9:-]{0,63}$'::text)),
  PRIMARY KEY (name)
) row level security;
table hub.notifications (
  id bigint not null generated always as identity,
  channel text not null,
  key text not null,
  kind text not null,
  severity text not null,
  at timestamp with time zone not null,
  body text not null,
  state text not null default 'waiting'::text,
  attempts integer not null default 0,
  due_at timestamp with time zone not null default clock_timestamp(),
  made_at timestamp with time zone not null default clock_timestamp(),
  ended_at timestamp with time zone,
  claim uuid,
  error text,
  CHECK (((length(channel) >= 1) AND (length(channel) <= 40))),
  CHECK ((length(body) <= 4000)),
  CHECK ((length(error) <= 500)),
  CHECK ((length(key) <= 200)),
  CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text, 'critical'::text]))),
  CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'dropped'::text]))),
  PRIMARY KEY (id),
  UNIQUE (channel, key)
) row level security;
table hub.notify_place (
  one boolean not null default true,
  event_id bigint not null,
  CHECK (one),
  PRIMARY KEY (one)
) row level security;
table hub.orders (
  seq bigint not null generated always as identity,
  client_order_id text not null,
  origin text not null,
  signal_id text,
  portfolio text not null,
  exchange text not null,
  pair text not null,
  side text not null,
  quantity numeric not null,
  reference_price numeric not null,
  strategy text not null,
  stop_loss numeric,
  take_profit numeric,
  created_at timestamp with time zone not null,
  state text not null,
  sent_at timestamp with time zone,
  filled numeric,
  average_price numeric,
  reason text,
  ended_at timestamp with time zone,
  CHECK (((state = ANY (ARRAY['filled'::text, 'cancelled'::text, 'rejected'::text])) = (ended_at IS NOT NULL))),
  CHECK ((origin = ANY (ARRAY['signal'::text, 'stop-loss'::text, 'take-profit'::text, 'flatten'::text]))),
  CHECK ((quantity > (0)::numeric)),
  CHECK ((side = ANY (ARRAY['buy'::text, 'sell'::text]))),
  CHECK ((state = ANY (ARRAY['created'::text, 'unknown'::text, 'open'::text, 'filled'::text, 'cancelled'::text, 'rejected'::text]))),
  FOREIGN KEY (signal_id) REFERENCES hub.signals(id),
  PRIMARY KEY (seq),
  UNIQUE (client_order_id)
) row level security;
table hub.outbox (
  id bigint not null generated always as identity,
  at timestamp with time zone not null,
  kind text not null,
  subject text not null,
  payload jsonb not null,
  key text,
  xact xid8 not null default pg_current_xact_id(),
  PRIMARY KEY (id)
) row level security;
table hub.paper_holdings (
  exchange text not null,
  pair text not null,
  quantity numeric not null,
  PRIMARY KEY (exchange, pair)
) row level security;
table hub.paper_orders (
  client_order_id text not null,
  exchange text not null,
  pair text not null,
  at timestamp with time zone not null,
  outcome jsonb not null,
  PRIMARY KEY (client_order_id)
) row level security;
table hub.portfolios (
  name text not null,
  created_at timestamp with time zone not null,
  CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  PRIMARY KEY (name)
) row level security;
table hub.positions (
  seq bigint not null generated always as identity,
  id text not null,
  exchange text not null,
  pair text not null,
  portfolio text not null,
  strategy text not null,
  quantity numeric not null,
  bought numeric not null,
  cost numeric not null,
  sold numeric not null,
  proceeds numeric not null,
  stop_loss numeric,
  take_profit numeric,
  opened_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  CHECK (((closed_at IS NOT NULL) = (quantity = (0)::numeric))),
  CHECK ((quantity >= (0)::numeric)),
  PRIMARY KEY (seq),
  UNIQUE (id)
) row level security;
table hub.price_snapshots (
  exchange text not null,
  symbol text not null,
  at timestamp with time zone not null,
  price numeric not null,
  bid numeric,
  ask numeric,
  volume numeric,
  PRIMARY KEY (exchange, symbol, at)
) row level security;
table hub.requests (
  asker text not null,
  route text not null,
  key text not null,
  fingerprint bytea not null,
  claim uuid not null,
  claimed_at timestamp with time zone not null,
  answer text,
  CHECK (((length(key) >= 1) AND (length(key) <= 255))),
  CHECK ((length(asker) <= 100)),
  CHECK ((length(fingerprint) = 32)),
  CHECK ((length(route) <= 200)),
  PRIMARY KEY (asker, route, key)
) row level security;
table hub.reservations (
  client_order_id text not null,
  amount numeric not null,
  CHECK ((amount > (0)::numeric)),
  PRIMARY KEY (client_order_id)
) row level security;
table hub.retired_months (
  tf smallint not null,
  next_page bigint not null,
  part name not null,
  file oid not null,
  series integer[] not null,
  first_seqs bigint[] not null,
  last_seqs bigint[] not null,
  last_hashes bytea[] not null,
  PRIMARY KEY (tf, next_page)
) row level security;
table hub.risk (
  single boolean not null default true,
  revision bigint not null default 1,
  CHECK (single),
  PRIMARY KEY (single)
) row level security;
table hub.runs (
  id uuid not null,
  place text not null,
  version text not null,
  mode text not null,
  road text not null,
  status text not null,
  started_at timestamp with time zone not null,
  kept_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  seen_at timestamp with time zone not null,
  lost_after interval not null,
  CHECK (((status = 'running'::text) = (ended_at IS NULL))),
  CHECK ((mode = ANY (ARRAY['sandbox'::text, 'paper'::text, 'live'::text]))),
  CHECK ((road = ANY (ARRAY['embedded'::text, 'postgres'::text, 'supabase'::text]))),
  CHECK ((status = ANY (ARRAY['running'::text, 'stopped'::text, 'lost'::text]))),
  PRIMARY KEY (id)
) row level security;
table hub.series (
  id integer not null generated always as identity,
  exchange text not null,
  pair text not null,
  tf smallint not null,
  newest timestamp with time zone,
  evaluated_to timestamp with time zone,
  candles bigint not null default 0,
  chain_seq bigint not null default 0,
  chain_head bytea not null default sha256('\x'::bytea),
  PRIMARY KEY (id),
  UNIQUE (exchange, pair, tf)
) row level security;
table hub.signal_queue (
  id bigint not null generated always as identity,
  signal_id text not null,
  client_order_id text not null,
  payload jsonb not null,
  status text not null default 'pending'::text,
  worker text,
  attempts integer not null default 0,
  lease_until timestamp with time zone,
  enqueued_at timestamp with time zone not null,
  epoch bigint,
  CHECK ((status = ANY (ARRAY['pending'::text, 'claimed'::text, 'done'::text]))),
  FOREIGN KEY (signal_id) REFERENCES hub.verdicts(signal_id),
  PRIMARY KEY (id),
  UNIQUE (client_order_id),
  UNIQUE (signal_id)
) row level security;
table hub.signals (
  seq bigint not null generated always as identity,
  id text not null,
  exchange text not null,
  pair text not null,
  tf smallint not null,
  open_time timestamp with time zone not null,
  close_time timestamp with time zone not null,
  strategy text not null,
  strategy_version text not null,
  side text not null,
  strength double precision not null,
  price numeric not null,
  stop_loss numeric,
  take_profit numeric,
  evidence jsonb not null,
  raised_at timestamp with time zone not null,
  missing_in_window integer not null,
  config jsonb,
  CHECK ((side = ANY (ARRAY['buy'::text, 'sell'::text]))),
  PRIMARY KEY (seq),
  UNIQUE (id)
) row level security;
table hub.tokens (
  id text not null,
  name text not null,
  role text not null,
  hash bytea not null,
  created_by text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  revoked_by text,
  revoked_at timestamp with time zone,
  CHECK (((length(name) >= 1) AND (length(name) <= 64))),
  CHECK (((revoked_by IS NULL) = (revoked_at IS NULL))),
  CHECK ((id ~ '^[0-9a-f]{12}$'::text)),
  CHECK ((length(hash) = 32)),
  CHECK ((role = ANY (ARRAY['viewer'::text, 'operator'::text, 'admin'::text]))),
  PRIMARY KEY (id),
  UNIQUE (hash)
) row level security;
table hub.verdicts (
  signal_id text not null,
  portfolio text not null,
  decision text not null,
  quantity numeric,
  reserved_quote numeric,
  reasons text[] not null,
  checks jsonb not null,
  decided_at timestamp with time zone not null,
  CHECK (((decision = 'accepted'::text) = ((quantity IS NOT NULL) AND (reserved_quote IS NOT NULL)))),
  CHECK ((decision = ANY (ARRAY['accepted'::text, 'refused'::text]))),
  FOREIGN KEY (signal_id) REFERENCES hub.signals(id),
  PRIMARY KEY (signal_id)
) row level security;
table hub.watchlist_history (
  id bigint not null generated always as identity,
  portfolio text not null,
  series_id integer not null,
  change text not null,
  by text not null,
  at timestamp with time zone not null,
  CHECK ((change = ANY (ARRAY['added'::text, 'removed'::text]))),
  FOREIGN KEY (series_id) REFERENCES hub.series(id),
  PRIMARY KEY (id)
) row level security;
table public.fxshinobi_health (
  id uuid not null default gen_random_uuid(),
  instance_id text not null,
  status text not null default 'healthy'::text,
  timestamp timestamp with time zone not null default now(),
  created_at timestamp with time zone not null default now(),
  PRIMARY KEY (id)
) row level security;
table public.fxshinobi_snapshots (
  snapshot_id text not null default 'default'::text,
  account_balance numeric,
  open_pnl numeric default 0,
  open_positions jsonb default '[]'::jsonb,
  risk_metrics jsonb default '{}'::jsonb,
  system_status text default 'UNKNOWN'::text,
  state_machine_state text,
  kill_switch_active boolean default false,
  last_signal jsonb,
  trades_today integer default 0,
  pnl_today numeric default 0,
  updated_at timestamp with time zone not null default now(),
  created_at timestamp with time zone not null default now(),
  extra jsonb,
  PRIMARY KEY (snapshot_id)
) row level security;
table public.fxshinobi_strategy_runs (
  id uuid not null default gen_random_uuid(),
  strategy_id text not null default 'smc_default'::text,
  parameters jsonb default '{}'::jsonb,
  symbol text,
  timeframe text,
  pnl numeric default 0,
  win_rate numeric,
  drawdown numeric,
  trades_count integer default 0,
  duration_seconds integer,
  created_at timestamp with time zone not null default now(),
  run_id uuid,
  PRIMARY KEY (id)
) row level security;
table public.fxshinobi_trades (
  id uuid not null default gen_random_uuid(),
  symbol text not null,
  side text not null,
  size numeric not null,
  entry_price numeric,
  exit_price numeric,
  stop_loss numeric,
  take_profit numeric,
  realized_pnl numeric,
  status text not null default 'OPEN'::text,
  strategy_id text not null default 'smc_default'::text,
  opened_at timestamp with time zone,
  closed_at timestamp with time zone,
  metadata jsonb default '{}'::jsonb,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone,
  CHECK ((side = ANY (ARRAY['BUY'::text, 'SELL'::text]))),
  CHECK ((status = ANY (ARRAY['OPEN'::text, 'CLOSED'::text, 'CANCELLED'::text]))),
  PRIMARY KEY (id)
) row level security;

CREATE INDEX active_watchlist_series_id_idx ON hub.active_watchlist USING btree (series_id);
CREATE INDEX audit_at_idx ON hub.audit USING btree (at);
CREATE INDEX fxshinobi_health_timestamp_idx ON public.fxshinobi_health USING btree ("timestamp" DESC);
CREATE INDEX fxshinobi_strategy_runs_created_at_idx ON public.fxshinobi_strategy_runs USING btree (created_at DESC);
CREATE INDEX fxshinobi_strategy_runs_run_id_idx ON public.fxshinobi_strategy_runs USING btree (run_id);
CREATE INDEX fxshinobi_strategy_runs_strategy_id_idx ON public.fxshinobi_strategy_runs USING btree (strategy_id);
CREATE INDEX fxshinobi_trades_closed_at_idx ON public.fxshinobi_trades USING btree (closed_at, id) WHERE (status = 'CLOSED'::text);
CREATE INDEX fxshinobi_trades_created_at_idx ON public.fxshinobi_trades USING btree (created_at DESC);
CREATE INDEX fxshinobi_trades_status_idx ON public.fxshinobi_trades USING btree (status);
CREATE INDEX fxshinobi_trades_symbol_idx ON public.fxshinobi_trades USING btree (symbol);
CREATE INDEX gaps_state_id_idx ON hub.gaps USING btree (state, id);
CREATE INDEX notifications_due ON hub.notifications USING btree (channel, due_at) WHERE (state = 'waiting'::text);
CREATE INDEX notifications_made ON hub.notifications USING btree (made_at);
CREATE INDEX orders_created_at_seq_idx ON hub.orders USING btree (created_at, seq);
CREATE INDEX orders_seq_idx ON hub.orders USING btree (seq) WHERE (ended_at IS NULL);
CREATE INDEX orders_signal_id_idx ON hub.orders USING btree (signal_id);
CREATE INDEX outbox_order ON hub.outbox USING btree (xact, id);
CREATE INDEX positions_exchange_pair_closed_at_idx ON hub.positions USING btree (exchange, pair, closed_at);
CREATE INDEX price_snapshots_at_idx ON hub.price_snapshots USING btree (at);
CREATE INDEX requests_claimed_at_idx ON hub.requests USING btree (claimed_at);
CREATE INDEX runs_started_at_idx ON hub.runs USING btree (started_at);
CREATE INDEX signal_queue_id_idx ON hub.signal_queue USING btree (id) WHERE (status <> 'done'::text);
CREATE INDEX signals_exchange_pair_tf_open_time_idx ON hub.signals USING btree (exchange, pair, tf, open_time);
CREATE INDEX signals_exchange_pair_tf_seq_idx ON hub.signals USING btree (exchange, pair, tf, seq);
CREATE INDEX signals_raised_at_idx ON hub.signals USING btree (raised_at);
CREATE INDEX verdicts_decided_at_idx ON hub.verdicts USING btree (decided_at) WHERE (decision = 'accepted'::text);
CREATE UNIQUE INDEX account_pkey ON hub.account USING btree (single);
CREATE UNIQUE INDEX active_watchlist_pkey ON hub.active_watchlist USING btree (portfolio, series_id);
CREATE UNIQUE INDEX audit_pkey ON hub.audit USING btree (id);
CREATE UNIQUE INDEX candle_revisions_pkey ON hub.candle_revisions USING btree (tf, series_id, open_time, revision);
CREATE UNIQUE INDEX candles_10080_pkey ON hub.candles_10080 USING btree (tf, series_id, open_time);
CREATE UNIQUE INDEX candles_1440_pkey ON hub.candles_1440 USING btree (tf, series_id, open_time);
CREATE UNIQUE INDEX candles_15_default_pkey ON hub.candles_15_default USING btree (tf, series_id, open_time);
CREATE UNIQUE INDEX candles_15_pkey ON ONLY hub.candles_15 USING btree (tf, series_id, open_time);
CREATE UNIQUE INDEX candles_1_default_pkey ON hub.candles_1_default USING btree (tf, series_id, open_time);
CREATE UNIQUE INDEX candles_1_pkey ON ONLY hub.candles_1 USING btree (tf, series_id, open_time);
CREATE UNIQUE INDEX candles_240_pkey ON hub.candles_240 USING btree (tf, series_id, open_time);
CREATE UNIQUE INDEX candles_30_default_pkey ON hub.candles_30_default USING btree (tf, series_id, open_time);
CREATE UNIQUE INDEX candles_30_pkey ON ONLY hub.candles_30 USING btree (tf, series_id, open_time);
CREATE UNIQUE INDEX candles_5_default_pkey ON hub.candles_5_default USING btree (tf, series_id, open_time);
CREATE UNIQUE INDEX candles_5_pkey ON ONLY hub.candles_5 USING btree (tf, series_id, open_time);
CREATE UNIQUE INDEX candles_60_pkey ON hub.candles_60 USING btree (tf, series_id, open_time);
CREATE UNIQUE INDEX candles_pkey ON ONLY hub.candles USING btree (tf, series_id, open_time);
CREATE UNIQUE INDEX chain_anchors_pkey ON hub.chain_anchors USING btree (series_id, chain_seq);
CREATE UNIQUE INDEX equity_pkey ON hub.equity USING btree (account, day);
CREATE UNIQUE INDEX facts_pkey ON hub.facts USING btree (name);
CREATE UNIQUE INDEX fills_pkey ON hub.fills USING btree (client_order_id, id);
CREATE UNIQUE INDEX fxshinobi_health_pkey ON public.fxshinobi_health USING btree (id);
CREATE UNIQUE INDEX fxshinobi_snapshots_pkey ON public.fxshinobi_snapshots USING btree (snapshot_id);
CREATE UNIQUE INDEX fxshinobi_strategy_runs_pkey ON public.fxshinobi_strategy_runs USING btree (id);
CREATE UNIQUE INDEX fxshinobi_trades_pkey ON public.fxshinobi_trades USING btree (id);
CREATE UNIQUE INDEX gaps_pkey ON hub.gaps USING btree (id);
CREATE UNIQUE INDEX gaps_series_id_open_time_key ON hub.gaps USING btree (series_id, open_time);
CREATE UNIQUE INDEX halts_one_for_each_cause ON hub.halts USING btree (scope, COALESCE(exchange, ''::text), COALESCE(pair, ''::text), COALESCE(strategy, ''::text), COALESCE(portfolio, ''::text), cause) WHERE (resumed_at IS NULL);
CREATE UNIQUE INDEX halts_pkey ON hub.halts USING btree (id);
CREATE UNIQUE INDEX leases_pkey ON hub.leases USING btree (name);
CREATE UNIQUE INDEX notifications_channel_key_key ON hub.notifications USING btree (channel, key);
CREATE UNIQUE INDEX notifications_pkey ON hub.notifications USING btree (id);
CREATE UNIQUE INDEX notify_place_pkey ON hub.notify_place USING btree (one);
CREATE UNIQUE INDEX orders_client_order_id_key ON hub.orders USING btree (client_order_id);
CREATE UNIQUE INDEX orders_pkey ON hub.orders USING btree (seq);
CREATE UNIQUE INDEX outbox_key ON hub.outbox USING btree (key) WHERE (key IS NOT NULL);
CREATE UNIQUE INDEX outbox_pkey ON hub.outbox USING btree (id);
CREATE UNIQUE INDEX paper_holdings_pkey ON hub.paper_holdings USING btree (exchange, pair);
CREATE UNIQUE INDEX paper_orders_pkey ON hub.paper_orders USING btree (client_order_id);
CREATE UNIQUE INDEX portfolios_pkey ON hub.portfolios USING btree (name);
CREATE UNIQUE INDEX positions_id_key ON hub.positions USING btree (id);
CREATE UNIQUE INDEX positions_one_open_a_pair ON hub.positions USING btree (exchange, pair) WHERE (closed_at IS NULL);
CREATE UNIQUE INDEX positions_pkey ON hub.positions USING btree (seq);
CREATE UNIQUE INDEX price_snapshots_pkey ON hub.price_snapshots USING btree (exchange, symbol, at);
CREATE UNIQUE INDEX requests_pkey ON hub.requests USING btree (asker, route, key);
CREATE UNIQUE INDEX reservations_pkey ON hub.reservations USING btree (client_order_id);
CREATE UNIQUE INDEX retired_months_pkey ON hub.retired_months USING btree (tf, next_page);
CREATE UNIQUE INDEX risk_pkey ON hub.risk USING btree (single);
CREATE UNIQUE INDEX runs_pkey ON hub.runs USING btree (id);
CREATE UNIQUE INDEX series_exchange_pair_tf_key ON hub.series USING btree (exchange, pair, tf);
CREATE UNIQUE INDEX series_pkey ON hub.series USING btree (id);
CREATE UNIQUE INDEX signal_queue_client_order_id_key ON hub.signal_queue USING btree (client_order_id);
CREATE UNIQUE INDEX signal_queue_pkey ON hub.signal_queue USING btree (id);
CREATE UNIQUE INDEX signal_queue_signal_id_key ON hub.signal_queue USING btree (signal_id);
CREATE UNIQUE INDEX signals_id_key ON hub.signals USING btree (id);
CREATE UNIQUE INDEX signals_pkey ON hub.signals USING btree (seq);
CREATE UNIQUE INDEX tokens_hash_key ON hub.tokens USING btree (hash);
CREATE UNIQUE INDEX tokens_name_idx ON hub.tokens USING btree (name) WHERE (revoked_at IS NULL);
CREATE UNIQUE INDEX tokens_pkey ON hub.tokens USING btree (id);
CREATE UNIQUE INDEX verdicts_pkey ON hub.verdicts USING btree (signal_id);
CREATE UNIQUE INDEX watchlist_history_pkey ON hub.watchlist_history USING btree (id);

CREATE TRIGGER fills_are_counted AFTER INSERT ON hub.fills REFERENCING NEW TABLE AS fresh_fills FOR EACH STATEMENT EXECUTE FUNCTION hub.count_fills();
CREATE TRIGGER tell AFTER INSERT ON hub.fills REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT WHEN ((current_setting('hub.importing'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION hub.tell_fills();
CREATE TRIGGER tell_moved AFTER UPDATE ON hub.gaps FOR EACH ROW WHEN ((new.state <> old.state)) EXECUTE FUNCTION hub.tell_gap();
CREATE TRIGGER tell_noticed AFTER INSERT ON hub.gaps FOR EACH ROW WHEN ((current_setting('hub.importing'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION hub.tell_gap();
CREATE TRIGGER tell_halted AFTER INSERT ON hub.halts REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT WHEN ((current_setting('hub.importing'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION hub.tell_halts();
CREATE TRIGGER tell_resumed AFTER UPDATE ON hub.halts REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT WHEN ((current_setting('hub.importing'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION hub.tell_resumed();
CREATE TRIGGER tell_created AFTER INSERT ON hub.orders REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT WHEN ((current_setting('hub.importing'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION hub.tell_orders();
CREATE TRIGGER tell_moved AFTER UPDATE ON hub.orders REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT WHEN ((current_setting('hub.importing'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION hub.tell_moved_orders();
CREATE TRIGGER tell AFTER UPDATE ON hub.positions REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT WHEN ((current_setting('hub.importing'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION hub.tell_closed_positions();
CREATE TRIGGER tell AFTER INSERT ON hub.verdicts REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT WHEN ((current_setting('hub.importing'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION hub.tell_verdicts();
CREATE TRIGGER tell AFTER INSERT ON hub.watchlist_history REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT WHEN ((current_setting('hub.importing'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION hub.tell_watch_changes();

function hub.account_json() returns jsonb stable; --
function hub.audit_bytes(timestamp with time zone,text,text,jsonb) returns bytea immutable; --
function hub.bump_risk() returns void; --
function hub.candle_bytes(bigint,bigint,double precision,double precision,double precision,double precision,double precision,text,smallint,bigint,smallint) returns bytea immutable; --
function hub.candle_cut(smallint,bigint,bigint) returns timestamp with time zone stable; --
function hub.candle_months(smallint) returns record stable; --
function hub.candle_parts(smallint) returns regclass stable; --
function hub.cash_of(text,numeric,numeric,numeric,text,text) returns numeric immutable; --
function hub.chain(bytea,bytea) returns bytea immutable; --
function hub.chain_step(bytea,bytea,bytea) returns bytea immutable; --
function hub.clear() returns void; --
function hub.count_fills() returns trigger; --
function hub.count_pages(hub.retired_months,integer) returns void; --
function hub.count_rows(regclass) returns record stable; --
function hub.drop_month(hub.retired_months) returns bigint; --
function hub.first_filled() returns text stable; --
function hub.follow(text,integer,text,timestamp with time zone) returns boolean; --
function hub.forget_rows(text,name,timestamp with time zone,integer) returns jsonb; --
function hub.gap_rank(text) returns integer immutable; --
function hub.guard() returns void; --
function hub.had_late_rows(name) returns boolean; --
function hub.halt_scope(hub.halts) returns jsonb immutable; --
function hub.halts_json() returns jsonb stable; --
function hub.hold_import(uuid) returns void; --
function hub.hold_lease(text,bigint) returns void; --
function hub.hold_risk() returns bigint; --
function hub.importing() returns boolean stable; --
function hub.in_use() returns text; --
function hub.instant(bigint) returns timestamp with time zone immutable; --
function hub.is_alone() returns boolean; --
function hub.is_halt_of(hub.halts,jsonb) returns boolean immutable; --
function hub.is_watched(name) returns boolean stable; --
function hub.known_series(hub.series) returns jsonb immutable; --
function hub.lease_left_ms(hub.leases) returns bigint; --
function hub.leave_chain(integer[],bigint[],bigint[],bytea[]) returns void; --
function hub.make_months(text[],text[]) returns void; --
function hub.mark_day(numeric,timestamp with time zone) returns void; --
function hub.money(numeric) returns text immutable; --
function hub.ms(timestamp with time zone) returns bigint immutable; --
function hub.note_late_row() returns trigger; --
function hub.notification_json(hub.notifications) returns jsonb stable; --
function hub.open_columns(regclass) returns void; --
function hub.order_after(hub.orders,jsonb) returns hub.orders immutable; --
function hub.order_json(hub.orders) returns jsonb immutable; --
function hub.order_may_become(text,text) returns boolean immutable; --
function hub.page_query(regclass,boolean) returns text stable; --
function hub.position_json(hub.positions) returns jsonb immutable; --
function hub.position_of(hub.orders) returns text stable; --
function hub.publish(text,text,text) returns void; --
function hub.queue_json(hub.signal_queue) returns jsonb immutable; --
function hub.readers() returns text stable; --
function hub.redacted(jsonb,boolean) returns jsonb immutable; --
function hub.score_run(uuid) returns void; --
function hub.seal() returns void; --
function hub.series_fact(text,text,smallint) returns jsonb stable; --
function hub.series_id(text,text,smallint) returns integer; --
function hub.series_name(text,text,smallint) returns text immutable; --
function hub.signal_behind(hub.orders) returns text stable; --
function hub.signal_json(hub.signals) returns jsonb immutable; --
function hub.size_json(regclass[]) returns jsonb stable; --
function hub.stays(text) returns boolean immutable; --
function hub.take_place(name,name,smallint,timestamp with time zone,timestamp with time zone) returns void; --
function hub.tell_closed_positions() returns trigger; --
function hub.tell_fills() returns trigger; --
function hub.tell_gap() returns trigger; --
function hub.tell_halts() returns trigger; --
function hub.tell_moved_orders() returns trigger; --
function hub.tell_orders() returns trigger; --
function hub.tell_resumed() returns trigger; --
function hub.tell_verdicts() returns trigger; --
function hub.tell_watch_changes() returns trigger; --
function hub.time_span(regclass) returns record stable; --
function hub.timeframe(smallint) returns text immutable; --
function hub.timeframe_sql(text) returns text immutable; --
function hub.token_json(hub.tokens) returns jsonb immutable; --
function hub.trade_json(public.fxshinobi_trades) returns jsonb immutable; --
function hub.travelling() returns record stable; --
function hub.travelling_columns(regclass) returns record stable; --
function hub.travelling_in_order() returns record stable; --
function hub.travelling_names(regclass) returns text[] stable; --
function hub.travelling_table(text) returns regclass stable; --
function hub.uncount_candles(integer[],bigint[]) returns void; --
function hub.untidy_month(timestamp with time zone) returns record stable; --
function hub.verdict_json(hub.verdicts) returns jsonb immutable; --
function hub.watch_month(name) returns void; --
function hub.write_position(jsonb) returns hub.positions; --
function hub.write_trade(hub.positions) returns void; --
function public.hub_account() returns jsonb stable security definer; -- service_role
function public.hub_account_mark(text,bigint) returns jsonb security definer; -- service_role
function public.hub_account_open(text,text,text,bigint) returns jsonb security definer; -- service_role
function public.hub_audit(bigint,text,text,jsonb) returns jsonb security definer; -- service_role
function public.hub_audit_log(integer,bigint) returns jsonb stable security definer; -- service_role
function public.hub_audit_verify() returns jsonb stable security definer; -- service_role
function public.hub_candle_partitions(bigint,bigint,smallint) returns jsonb security definer; -- service_role
function public.hub_candles_count() returns jsonb stable security definer; -- service_role
function public.hub_candles_last(smallint,integer,integer,bigint) returns json stable security definer; -- service_role
function public.hub_candles_range(text,text,smallint,bigint,bigint,integer) returns json stable security definer; -- service_role
function public.hub_candles_retire(smallint,bigint,bigint,integer) returns jsonb security definer; -- service_role
function public.hub_candles_tidy(bigint) returns jsonb security definer; -- service_role
function public.hub_candles_trim(smallint,bigint,bigint,integer,bigint) returns jsonb security definer; -- service_role
function public.hub_candles_upsert(smallint,integer[],bigint[],double precision[],double precision[],double precision[],double precision[],double precision[],text[],smallint[],bigint[]) returns jsonb security definer; -- service_role
function public.hub_candles_verify(text,text,smallint) returns jsonb stable security definer; -- service_role
function public.hub_database() returns jsonb security definer; -- service_role
function public.hub_decide(jsonb,bigint) returns jsonb security definer; -- service_role
function public.hub_equity(bigint,integer,bigint) returns jsonb stable security definer; -- service_role
function public.hub_export(text,jsonb,integer) returns json stable security definer; -- service_role
function public.hub_export_mark(text) returns jsonb stable security definer; -- service_role
function public.hub_export_tables() returns jsonb security definer; -- service_role
function public.hub_fill_ids(text) returns jsonb stable security definer; -- service_role
function public.hub_first_use() returns jsonb security definer; -- service_role
function public.hub_forget(text,bigint,integer) returns jsonb security definer; -- service_role
function public.hub_gaps_list(integer,text,text,text,smallint,bigint) returns jsonb stable security definer; -- service_role
function public.hub_gaps_note(integer[],bigint[],text[],text[],integer[],bigint[]) returns jsonb security definer; -- service_role
function public.hub_gaps_open_times(integer,bigint,bigint,text[]) returns jsonb stable security definer; -- service_role
function public.hub_halt(jsonb,text,text,text,text,bigint) returns jsonb security definer; -- service_role
function public.hub_halts() returns jsonb stable security definer; -- service_role
function public.hub_identity() returns jsonb stable security definer; -- service_role
function public.hub_import(uuid,text,text[],jsonb) returns jsonb security definer; -- service_role
function public.hub_import_begin(uuid,text) returns jsonb security definer; -- service_role
function public.hub_import_end(uuid,jsonb) returns jsonb security definer; -- service_role
function public.hub_lease_acquire(text,uuid,text,integer,boolean,uuid) returns jsonb security definer; -- service_role
function public.hub_lease_release(text,uuid,bigint) returns jsonb security definer; -- service_role
function public.hub_leases() returns jsonb security definer; -- service_role
function public.hub_ledger_rows(integer,smallint,integer,bigint,smallint) returns json stable security definer; -- service_role
function public.hub_ledger_series() returns jsonb stable security definer; -- service_role
function public.hub_notifications(integer,bigint) returns jsonb stable security definer; -- service_role
function public.hub_notify_add(jsonb,bigint,bigint) returns jsonb security definer; -- service_role
function public.hub_notify_claim(text,uuid,integer,integer,bigint) returns jsonb security definer; -- service_role
function public.hub_notify_done(uuid,jsonb,text,bigint,text) returns jsonb security definer; -- service_role
function public.hub_notify_place() returns jsonb security definer; -- service_role
function public.hub_notify_waiting() returns jsonb stable security definer; -- service_role
function public.hub_order(text) returns jsonb stable security definer; -- service_role
function public.hub_order_create(jsonb,bigint,text,bigint) returns jsonb security definer; -- service_role
function public.hub_orders(integer,boolean,text) returns jsonb stable security definer; -- service_role
function public.hub_origin(text) returns jsonb stable security definer; -- service_role
function public.hub_outbox_add(jsonb) returns jsonb security definer; -- service_role
function public.hub_outbox_after(bigint,integer) returns jsonb stable security definer; -- service_role
function public.hub_paper_find(text) returns jsonb stable security definer; -- service_role
function public.hub_paper_holdings() returns jsonb stable security definer; -- service_role
function public.hub_paper_keep(jsonb,jsonb,bigint) returns jsonb security definer; -- service_role
function public.hub_ping(text,text,bigint) returns jsonb security definer; -- service_role
function public.hub_portfolio_save(text,jsonb,text,bigint) returns jsonb security definer; -- service_role
function public.hub_portfolios() returns jsonb stable security definer; -- service_role
function public.hub_position(text,text) returns jsonb stable security definer; -- service_role
function public.hub_positions(boolean,integer,text) returns jsonb stable security definer; -- service_role
function public.hub_prices_save(jsonb) returns jsonb security definer; -- service_role
function public.hub_queue_claim(text,integer,integer,text,bigint) returns jsonb security definer; -- service_role
function public.hub_queue_finish(bigint,text,integer) returns jsonb security definer; -- service_role
function public.hub_queue_list(integer,bigint) returns jsonb stable security definer; -- service_role
function public.hub_request_begin(text,text,text,text,uuid,integer) returns jsonb security definer; -- service_role
function public.hub_request_end(text,text,text,uuid,text) returns jsonb security definer; -- service_role
function public.hub_resume(jsonb,text,bigint,text) returns jsonb security definer; -- service_role
function public.hub_risk_state(bigint) returns jsonb stable security definer; -- service_role
function public.hub_run_end(uuid,bigint) returns jsonb security definer; -- service_role
function public.hub_run_keep(uuid,bigint) returns jsonb security definer; -- service_role
function public.hub_run_start(uuid,bigint,text,text,text,text,bigint,jsonb) returns jsonb security definer; -- service_role
function public.hub_settle(jsonb) returns jsonb security definer; -- service_role
function public.hub_settle_held(jsonb,text,bigint) returns jsonb security definer; -- service_role
function public.hub_signals(integer,bigint,text,text,smallint,text) returns jsonb stable security definer; -- service_role
function public.hub_snapshot() returns jsonb stable security definer; -- service_role
function public.hub_snapshot_save(jsonb,bigint) returns jsonb security definer; -- service_role
function public.hub_stats(boolean) returns jsonb stable security definer; -- service_role
function public.hub_token_create(text,text,text,text,text,bigint,bigint) returns jsonb security definer; -- service_role
function public.hub_token_keys() returns jsonb stable security definer; -- service_role
function public.hub_token_revoke(text,text,bigint) returns jsonb security definer; -- service_role
function public.hub_tokens() returns jsonb stable security definer; -- service_role
function public.hub_tokens_used(jsonb) returns jsonb security definer; -- service_role
function public.hub_trace(text,text,smallint,bigint) returns jsonb stable security definer; -- service_role
function public.hub_trades(integer,integer) returns jsonb stable security definer; -- service_role
function public.hub_trades_closed(bigint,bigint,integer,uuid,bigint) returns jsonb stable security definer; -- service_role
function public.hub_version() returns jsonb security definer; -- service_role
function public.hub_watch_active() returns jsonb stable security definer; -- service_role
function public.hub_watch_add(text,text,text,smallint,text,bigint) returns jsonb security definer; -- service_role
function public.hub_watch_evaluated(integer[],bigint[]) returns jsonb security definer; -- service_role
function public.hub_watch_history(integer,bigint) returns jsonb stable security definer; -- service_role
function public.hub_watch_remove(text,text,smallint,text,bigint) returns jsonb security definer; -- service_role
function public.hub_watch_revision() returns jsonb stable security definer; -- service_role

view public.active_watchlist (
  portfolio text,
  exchange text,
  pair text,
  symbol text,
  timeframe text,
  added_by text,
  added_at timestamp with time zone,
  newest_open_time timestamp with time zone
) with (security_invoker=t); -- hub_reader, service_role
view public.candles (
  exchange text,
  pair text,
  symbol text,
  timeframe text,
  open_time timestamp with time zone,
  open double precision,
  high double precision,
  low double precision,
  close double precision,
  volume double precision,
  source text,
  revision smallint,
  fetched_at timestamp with time zone
) with (security_invoker=t); -- hub_reader, service_role
view public.fx_sessions (
  id uuid,
  user_id text,
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  status text,
  strategy text,
  notes text,
  mode text,
  road text,
  version text,
  last_seen_at timestamp with time zone
) with (security_invoker=t); -- hub_reader, service_role
view public.fx_trades (
  id uuid,
  session_id uuid,
  user_id text,
  symbol text,
  side text,
  quantity numeric,
  entry_price numeric,
  exit_price numeric,
  pnl numeric,
  status text,
  opened_at timestamp with time zone,
  closed_at timestamp with time zone,
  strategy text,
  metadata jsonb,
  stop_loss numeric,
  take_profit numeric
) with (security_invoker=f); -- hub_reader, service_role
view public.gaps (
  id bigint,
  exchange text,
  pair text,
  symbol text,
  timeframe text,
  open_time timestamp with time zone,
  state text,
  pending_retry boolean,
  reason text,
  attempts integer,
  noticed_at timestamp with time zone,
  settled_at timestamp with time zone
) with (security_invoker=t); -- hub_reader, service_role
view public.orders (
  client_order_id text,
  origin text,
  signal_id text,
  portfolio text,
  exchange text,
  pair text,
  symbol text,
  side text,
  quantity numeric,
  reference_price numeric,
  strategy text,
  stop_loss numeric,
  take_profit numeric,
  state text,
  filled numeric,
  average_price numeric,
  reason text,
  created_at timestamp with time zone,
  sent_at timestamp with time zone,
  ended_at timestamp with time zone
) with (security_invoker=t); -- hub_reader, service_role
view public.positions (
  id text,
  exchange text,
  pair text,
  symbol text,
  portfolio text,
  strategy text,
  quantity numeric,
  bought numeric,
  cost numeric,
  sold numeric,
  proceeds numeric,
  status text,
  pnl numeric,
  stop_loss numeric,
  take_profit numeric,
  opened_at timestamp with time zone,
  closed_at timestamp with time zone
) with (security_invoker=t); -- hub_reader, service_role
view public.price_snapshots (
  id uuid,
  symbol text,
  price numeric,
  bid numeric,
  ask numeric,
  volume numeric,
  timestamp timestamp with time zone,
  exchange text,
  pair text
) with (security_invoker=t); -- hub_reader, service_role
view public.signal_queue (
  id bigint,
  signal_id text,
  client_order_id text,
  status text,
  exchange text,
  pair text,
  symbol text,
  timeframe text,
  strategy text,
  side text,
  quantity numeric,
  price numeric,
  stop_loss numeric,
  take_profit numeric,
  portfolio text,
  attempts integer,
  enqueued_at timestamp with time zone
) with (security_invoker=t); -- hub_reader, service_role
view public.signals (
  id text,
  exchange text,
  pair text,
  symbol text,
  timeframe text,
  open_time timestamp with time zone,
  close_time timestamp with time zone,
  strategy text,
  strategy_version text,
  side text,
  strength double precision,
  price numeric,
  stop_loss numeric,
  take_profit numeric,
  evidence jsonb,
  raised_at timestamp with time zone
) with (security_invoker=t); -- hub_reader, service_role
view public.strategy_runs (
  id uuid,
  user_id text,
  strategy_name text,
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  status text,
  trades_count integer,
  total_pnl numeric,
  config jsonb,
  results jsonb,
  session_id uuid
) with (security_invoker=f); -- hub_reader, service_role
view public.user_finance_connections (
  id uuid,
  user_id text,
  service_id text,
  service_name text,
  status text,
  connected_at timestamp with time zone,
  last_sync_at timestamp with time zone,
  metadata jsonb
) with (security_invoker=f); -- hub_reader, service_role
view public.verdicts (
  signal_id text,
  portfolio text,
  decision text,
  quantity numeric,
  reserved_quote numeric,
  reasons text[],
  checks jsonb,
  decided_at timestamp with time zone
) with (security_invoker=t); -- hub_reader, service_role

policy readers on hub.active_watchlist for select to hub_reader, service_role using (true);
policy readers on hub.candles for select to hub_reader, service_role using (true);
policy readers on hub.gaps for select to hub_reader, service_role using (true);
policy readers on hub.orders for select to hub_reader, service_role using (true);
policy readers on hub.positions for select to hub_reader, service_role using (true);
policy readers on hub.price_snapshots for select to hub_reader, service_role using (true);
policy readers on hub.runs for select to hub_reader, service_role using (true);
policy readers on hub.series for select to hub_reader, service_role using (true);
policy readers on hub.signal_queue for select to hub_reader, service_role using (true);
policy readers on hub.signals for select to hub_reader, service_role using (true);
policy readers on hub.verdicts for select to hub_reader, service_role using (true);
