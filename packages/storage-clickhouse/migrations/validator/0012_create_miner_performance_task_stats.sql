-- How a miner did in one task of a period: long by task, so that a new task is rows and not columns. It goes with the
-- period's row in miner_performance_stats, whose task_names say which rows count.
CREATE TABLE IF NOT EXISTS miner_performance_task_stats
(
  netuid UInt16,
  validator_hotkey LowCardinality(String),
  period_type Enum8('daily' = 1, 'weekly' = 2, 'monthly' = 3, 'all_time' = 4),
  period_start DateTime64(3, 'UTC'),
  period_end DateTime64(3, 'UTC'),
  miner_uid UInt16,
  miner_hotkey String,
  task_name LowCardinality(String),
  tasks_attempted UInt64,
  tasks_completed UInt64,
  tasks_scored UInt64,
  success_rate Nullable(Float64),
  avg_score Nullable(Float64),
  rank Nullable(UInt32),
  best_score Nullable(Float64),
  latest_score Nullable(Float64),
  score_min Nullable(Float64),
  score_max Nullable(Float64),
  score_deviation Nullable(Float64),
  score_median Nullable(Float64),
  score_p25 Nullable(Float64),
  score_p75 Nullable(Float64),
  performance_trend Enum8('improving' = 1, 'declining' = 2, 'stable' = 3, 'insufficient_data' = 4),
  trend_slope Nullable(Float64),
  trend_confidence Float64,
  metrics String,
  weight_score Nullable(Float64),
  percentile_rank Nullable(Float64),
  weight_contribution Nullable(Float64),
  effective_contribution Nullable(Float64),
  is_qualified Bool,
  _version UInt64,
  created_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(_version)
PARTITION BY toYYYYMM(period_start)
ORDER BY (netuid, validator_hotkey, period_type, period_start, period_end, miner_uid, miner_hotkey, task_name)
TTL toDateTime(period_end) + INTERVAL 30 DAY DELETE WHERE period_type != 'all_time'
SETTINGS index_granularity = 1024
