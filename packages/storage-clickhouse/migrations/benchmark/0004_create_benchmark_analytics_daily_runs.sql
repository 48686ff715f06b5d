-- Runs of submissions that look for patterns: each epoch runs each day, network and window once, and running it again
-- replaces it. The month of the day is part of the key, so versions of one run never stand in two partitions. What was
-- counted is null until a report was validated: nothing is true by default.
CREATE TABLE IF NOT EXISTS benchmark_analytics_daily_runs
(
  run_id String,
  epoch_id String,
  hotkey String,
  tournament_id Nullable(String),
  participant_type Enum8('miner' = 1, 'baseline' = 2),
  test_date Date,
  network LowCardinality(String),
  window_days UInt16,
  run_order UInt16,
  processing_date Date,
  status Enum8('pending' = 1, 'running' = 2, 'completed' = 3, 'timeout' = 4, 'failed' = 5),
  attempts UInt64,
  dataset_sha256 Nullable(FixedString(64)),
  sandbox LowCardinality(Nullable(String)),
  execution_ms Nullable(UInt64),
  exit_code Nullable(Int32),
  memory_peak_bytes Nullable(UInt64),
  output_bytes Nullable(UInt64),
  patterns_reported Nullable(UInt64),
  patterns_expected Nullable(UInt64),
  patterns_found Nullable(UInt64),
  patterns_bad_data Nullable(UInt64),
  patterns_fabricated Nullable(UInt64),
  feature_rows Nullable(UInt64),
  feature_columns Nullable(UInt64),
  feature_rows_without_address Nullable(UInt64),
  error_message Nullable(String),
  is_disqualified Bool,
  disqualification_reason Nullable(String),
  created_at DateTime64(3, 'UTC'),
  started_at Nullable(DateTime64(3, 'UTC')),
  completed_at Nullable(DateTime64(3, 'UTC')),
  _version UInt64,
  INDEX by_hotkey hotkey TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX by_tournament_id tournament_id TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(_version)
PARTITION BY toYYYYMM(test_date)
ORDER BY (epoch_id, hotkey, test_date, network, window_days)
SETTINGS index_granularity = 512
