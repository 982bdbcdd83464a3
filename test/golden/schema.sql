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
  PRIMARY KEY (id)
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
  CHECK ((origin = ANY (ARRAY['signal'::text, 'stop-loss'::text, 'take-profit'::text]))),
  CHECK ((quantity > (0)::numeric)),
  CHECK ((side = ANY (ARRAY['buy'::text, 'sell'::text]))),
  CHECK ((state = ANY (ARRAY['created'::text, 'unknown'::text, 'open'::text, 'filled'::text, 'cancelled'::text, 'rejected'::text]))),
  FOREIGN KEY (signal_id) REFERENCES hub.signals(id),
  PRIMARY KEY (seq),
  UNIQUE (client_order_id)
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
table hub.reservations (
  client_order_id text not null,
  amount numeric not null,
  CHECK ((amount > (0)::numeric)),
  PRIMARY KEY (client_order_id)
) row level security;
table hub.risk (
  single boolean not null default true,
  revision bigint not null default 1,
  CHECK (single),
  PRIMARY KEY (single)
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
  CHECK ((side = ANY (ARRAY['buy'::text, 'sell'::text]))),
  PRIMARY KEY (seq),
  UNIQUE (id)
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
CREATE INDEX fxshinobi_strategy_runs_strategy_id_idx ON public.fxshinobi_strategy_runs USING btree (strategy_id);
CREATE INDEX fxshinobi_trades_created_at_idx ON public.fxshinobi_trades USING btree (created_at DESC);
CREATE INDEX fxshinobi_trades_status_idx ON public.fxshinobi_trades USING btree (status);
CREATE INDEX fxshinobi_trades_symbol_idx ON public.fxshinobi_trades USING btree (symbol);
CREATE INDEX gaps_state_id_idx ON hub.gaps USING btree (state, id);
CREATE INDEX orders_created_at_seq_idx ON hub.orders USING btree (created_at, seq);
CREATE INDEX orders_seq_idx ON hub.orders USING btree (seq) WHERE (ended_at IS NULL);
CREATE INDEX positions_exchange_pair_closed_at_idx ON hub.positions USING btree (exchange, pair, closed_at);
CREATE INDEX signal_queue_id_idx ON hub.signal_queue USING btree (id) WHERE (status <> 'done'::text);
CREATE INDEX signals_exchange_pair_tf_seq_idx ON hub.signals USING btree (exchange, pair, tf, seq);
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
CREATE UNIQUE INDEX facts_pkey ON hub.facts USING btree (name);
CREATE UNIQUE INDEX fills_pkey ON hub.fills USING btree (client_order_id, id);
CREATE UNIQUE INDEX fxshinobi_health_pkey ON public.fxshinobi_health USING btree (id);
CREATE UNIQUE INDEX fxshinobi_snapshots_pkey ON public.fxshinobi_snapshots USING btree (snapshot_id);
CREATE UNIQUE INDEX fxshinobi_strategy_runs_pkey ON public.fxshinobi_strategy_runs USING btree (id);
CREATE UNIQUE INDEX fxshinobi_trades_pkey ON public.fxshinobi_trades USING btree (id);
CREATE UNIQUE INDEX gaps_pkey ON hub.gaps USING btree (id);
CREATE UNIQUE INDEX gaps_series_id_open_time_key ON hub.gaps USING btree (series_id, open_time);
CREATE UNIQUE INDEX halts_one_at_a_time ON hub.halts USING btree ((true)) WHERE (resumed_at IS NULL);
CREATE UNIQUE INDEX halts_pkey ON hub.halts USING btree (id);
CREATE UNIQUE INDEX orders_client_order_id_key ON hub.orders USING btree (client_order_id);
CREATE UNIQUE INDEX orders_pkey ON hub.orders USING btree (seq);
CREATE UNIQUE INDEX portfolios_pkey ON hub.portfolios USING btree (name);
CREATE UNIQUE INDEX positions_id_key ON hub.positions USING btree (id);
CREATE UNIQUE INDEX positions_one_open_a_pair ON hub.positions USING btree (exchange, pair) WHERE (closed_at IS NULL);
CREATE UNIQUE INDEX positions_pkey ON hub.positions USING btree (seq);
CREATE UNIQUE INDEX reservations_pkey ON hub.reservations USING btree (client_order_id);
CREATE UNIQUE INDEX risk_pkey ON hub.risk USING btree (single);
CREATE UNIQUE INDEX series_exchange_pair_tf_key ON hub.series USING btree (exchange, pair, tf);
CREATE UNIQUE INDEX series_pkey ON hub.series USING btree (id);
CREATE UNIQUE INDEX signal_queue_client_order_id_key ON hub.signal_queue USING btree (client_order_id);
CREATE UNIQUE INDEX signal_queue_pkey ON hub.signal_queue USING btree (id);
CREATE UNIQUE INDEX signal_queue_signal_id_key ON hub.signal_queue USING btree (signal_id);
CREATE UNIQUE INDEX signals_id_key ON hub.signals USING btree (id);
CREATE UNIQUE INDEX signals_pkey ON hub.signals USING btree (seq);
CREATE UNIQUE INDEX verdicts_pkey ON hub.verdicts USING btree (signal_id);
CREATE UNIQUE INDEX watchlist_history_pkey ON hub.watchlist_history USING btree (id);

function hub.account_json() returns jsonb stable; --
function hub.audit_bytes(timestamp with time zone,text,text,jsonb) returns bytea immutable; --
function hub.bump_risk() returns void; --
function hub.candle_bytes(bigint,bigint,double precision,double precision,double precision,double precision,double precision,text,smallint,bigint,smallint) returns bytea immutable; --
function hub.chain(bytea,bytea) returns bytea immutable; --
function hub.chain_step(bytea,bytea,bytea) returns bytea immutable; --
function hub.follow(text,integer,text,timestamp with time zone) returns boolean; --
function hub.gap_rank(text) returns integer immutable; --
function hub.guard() returns void; --
function hub.halted_json() returns jsonb stable; --
function hub.hold_risk() returns bigint; --
function hub.instant(bigint) returns timestamp with time zone immutable; --
function hub.known_series(hub.series) returns jsonb immutable; --
function hub.money(numeric) returns text immutable; --
function hub.ms(timestamp with time zone) returns bigint immutable; --
function hub.order_after(hub.orders,jsonb) returns hub.orders immutable; --
function hub.order_json(hub.orders) returns jsonb immutable; --
function hub.order_may_become(text,text) returns boolean immutable; --
function hub.position_json(hub.positions) returns jsonb immutable; --
function hub.queue_json(hub.signal_queue) returns jsonb immutable; --
function hub.seal() returns void; --
function hub.series_id(text,text,smallint) returns integer; --
function hub.signal_json(hub.signals) returns jsonb immutable; --
function hub.trade_json(public.fxshinobi_trades) returns jsonb immutable; --
function hub.verdict_json(hub.verdicts) returns jsonb immutable; --
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
function public.hub_candles_upsert(smallint,integer[],bigint[],double precision[],double precision[],double precision[],double precision[],double precision[],text[],smallint[],bigint[]) returns jsonb security definer; -- service_role
function public.hub_candles_verify(text,text,smallint) returns jsonb stable security definer; -- service_role
function public.hub_decide(jsonb,bigint) returns jsonb security definer; -- service_role
function public.hub_fill_ids(text) returns jsonb stable security definer; -- service_role
function public.hub_first_use() returns jsonb security definer; -- service_role
function public.hub_gaps_list(integer,text,text,text,smallint,bigint) returns jsonb stable security definer; -- service_role
function public.hub_gaps_note(integer[],bigint[],text[],text[],integer[],bigint[]) returns jsonb security definer; -- service_role
function public.hub_gaps_open_times(integer,bigint,bigint,text[]) returns jsonb stable security definer; -- service_role
function public.hub_halt(text,text,bigint) returns jsonb security definer; -- service_role
function public.hub_halted() returns jsonb stable security definer; -- service_role
function public.hub_order(text) returns jsonb stable security definer; -- service_role
function public.hub_order_create(jsonb,bigint) returns jsonb security definer; -- service_role
function public.hub_orders(integer,boolean,bigint) returns jsonb stable security definer; -- service_role
function public.hub_ping(text,text,bigint) returns jsonb security definer; -- service_role
function public.hub_portfolio_save(text,jsonb,text,bigint) returns jsonb security definer; -- service_role
function public.hub_portfolios() returns jsonb stable security definer; -- service_role
function public.hub_position(text,text) returns jsonb stable security definer; -- service_role
function public.hub_positions(boolean,integer) returns jsonb stable security definer; -- service_role
function public.hub_queue_claim(text,integer,integer) returns jsonb security definer; -- service_role
function public.hub_queue_finish(bigint,text,integer) returns jsonb security definer; -- service_role
function public.hub_queue_list(integer) returns jsonb stable security definer; -- service_role
function public.hub_resume(text,bigint) returns jsonb security definer; -- service_role
function public.hub_risk_state(bigint) returns jsonb stable security definer; -- service_role
function public.hub_settle(jsonb) returns jsonb security definer; -- service_role
function public.hub_signals(integer,bigint,text,text,smallint,text) returns jsonb stable security definer; -- service_role
function public.hub_snapshot() returns jsonb stable security definer; -- service_role
function public.hub_snapshot_save(jsonb,bigint) returns jsonb security definer; -- service_role
function public.hub_trades(integer,integer) returns jsonb stable security definer; -- service_role
function public.hub_trades_closed(bigint,bigint) returns jsonb stable security definer; -- service_role
function public.hub_version() returns jsonb security definer; -- service_role
function public.hub_watch_active() returns jsonb stable security definer; -- service_role
function public.hub_watch_add(text,text,text,smallint,text,bigint) returns jsonb security definer; -- service_role
function public.hub_watch_evaluated(integer[],bigint[]) returns jsonb security definer; -- service_role
function public.hub_watch_history(integer,bigint) returns jsonb stable security definer; -- service_role
function public.hub_watch_remove(text,text,smallint,text,bigint) returns jsonb security definer; -- service_role
