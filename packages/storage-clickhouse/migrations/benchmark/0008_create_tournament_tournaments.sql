-- Tournaments as they stand. The seed of their datasets lies here, and nothing that miners read comes from this column
-- before the end.
CREATE TABLE IF NOT EXISTS tournament_tournaments
(
  tournament_id String,
  name String,
  image_type Enum8('analytics' = 1, 'ml' = 2),
  registration_start Date,
  registration_end Date,
  competition_start Date,
  competition_end Date,
  max_participants UInt16,
  epoch_days UInt8,
  test_networks Array(String),
  test_window_days Array(UInt16),
  dataset_transfers UInt64,
  dataset_seed String,
  seed_sha256 FixedString(64),
  rule_set LowCardinality(String),
  time_limit_ms UInt64,
  baseline_id Nullable(String),
  status Enum8('draft' = 1, 'registration' = 2, 'in_progress' = 3, 'scoring' = 4, 'completed' = 5, 'cancelled' = 6),
  current_day UInt8,
  winner_hotkey Nullable(String),
  is_baseline_beaten Bool,
  cancel_reason Nullable(String),
  created_at DateTime64(3, 'UTC'),
  completed_at Nullable(DateTime64(3, 'UTC')),
  _version UInt64
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY tournament_id
SETTINGS index_granularity = 512
