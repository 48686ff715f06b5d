-- Submissions as they stand: one row for each miner and type of image, a change is a newer version of it. Small and read
-- whole: no partitions, and none of its columns that change is indexed.
CREATE TABLE IF NOT EXISTS benchmark_miner_registry
(
  hotkey String,
  image_type Enum8('analytics' = 1, 'ml' = 2),
  repository String,
  commit FixedString(40),
  status Enum8('pending' = 1, 'active' = 2, 'disabled' = 3, 'failed' = 4),
  validation_error Nullable(String),
  registered_at DateTime64(3, 'UTC'),
  last_updated_at DateTime64(3, 'UTC'),
  _version UInt64
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY (hotkey, image_type)
SETTINGS index_granularity = 512
