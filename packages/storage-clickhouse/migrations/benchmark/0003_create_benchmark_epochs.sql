-- Epochs as they stand, each under its own id, of all networks: where an epoch lies never depends on what it ran on. The
-- indexes find those of a miner and of a tournament, neither of which an epoch ever changes.
CREATE TABLE IF NOT EXISTS benchmark_epochs
(
  epoch_id String,
  tournament_id Nullable(String),
  hotkey String,
  image_type Enum8('analytics' = 1, 'ml' = 2),
  participant_type Enum8('miner' = 1, 'baseline' = 2),
  start_date Date,
  end_date Date,
  status Enum8('pending' = 1, 'running' = 2, 'completed' = 3, 'failed' = 4),
  repository String,
  commit FixedString(40),
  tree_sha256 Nullable(FixedString(64)),
  image Nullable(String),
  miner_database_name String,
  error_message Nullable(String),
  created_at DateTime64(3, 'UTC'),
  completed_at Nullable(DateTime64(3, 'UTC')),
  _version UInt64,
  INDEX by_hotkey hotkey TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX by_tournament_id tournament_id TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY epoch_id
SETTINGS index_granularity = 512
