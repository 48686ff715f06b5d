-- How a miner did in a period, over all tasks. Validator, period, uid and hotkey are the key, so that none of them ever
-- overwrites another's row; a deregistered hotkey's rows are marked, not removed. Periods go thirty days after they end,
-- or as many as the operator sets; all_time never does.
CREATE TABLE IF NOT EXISTS miner_performance_stats
(
  netuid UInt16,
  validator_hotkey LowCardinality(String),
  period_type Enum8('daily' = 1, 'weekly' = 2, 'monthly' = 3, 'all_time' = 4),
  period_start DateTime64(3, 'UTC'),
  period_end DateTime64(3, 'UTC'),
  miner_uid UInt16,
  miner_hotkey String,
  rank_order UInt32,
  total_tasks_attempted UInt64,
  total_tasks_completed UInt64,
  total_tasks_scored UInt64,
  overall_success_rate Nullable(Float64),
  overall_avg_score Nullable(Float64),
  overall_rank Nullable(UInt32),
  score_min Nullable(Float64),
  score_max Nullable(Float64),
  score_deviation Nullable(Float64),
  score_median Nullable(Float64),
  score_p25 Nullable(Float64),
  score_p75 Nullable(Float64),
  performance_trend Enum8('improving' = 1, 'declining' = 2, 'stable' = 3, 'insufficient_data' = 4),
  trend_slope Nullable(Float64),
  trend_confidence Float64,
  last_active_time Nullable(DateTime64(3, 'UTC')),
  consecutive_failures UInt64,
  uptime_percentage Nullable(Float64),
  cycle_id Nullable(String),
  submitted_weight Nullable(Float64),
  submitted_value Nullable(UInt16),
  raw_calculated_weight Nullable(Float64),
  excellence_weight Nullable(Float64),
  diversity_weight Nullable(Float64),
  scoring_pathway LowCardinality(Nullable(String)),
  multi_task_bonus Nullable(Float64),
  incentive_value Nullable(UInt16),
  incentive Nullable(Float64),
  consensus_rank Nullable(UInt32),
  weight_submission_block Nullable(UInt64),
  consensus_block Nullable(UInt64),
  task_names Array(LowCardinality(String)),
  calculated_at DateTime64(3, 'UTC'),
  buried_at Nullable(DateTime64(3, 'UTC')),
  _version UInt64,
  created_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(_version)
PARTITION BY toYYYYMM(period_start)
ORDER BY (netuid, validator_hotkey, period_type, period_start, period_end, miner_uid, miner_hotkey)
TTL toDateTime(period_end) + INTERVAL 30 DAY DELETE WHERE period_type != 'all_time'
SETTINGS index_granularity = 1024
