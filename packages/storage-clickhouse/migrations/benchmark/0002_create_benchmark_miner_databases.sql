-- Which output databases there are, and when each was used last. A dropped one keeps its row.
CREATE TABLE IF NOT EXISTS benchmark_miner_databases
(
  hotkey String,
  image_type Enum8('analytics' = 1, 'ml' = 2),
  database_name String,
  status Enum8('active' = 1, 'archived' = 2, 'deleted' = 3),
  created_at DateTime64(3, 'UTC'),
  last_used_at DateTime64(3, 'UTC'),
  _version UInt64
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY (hotkey, image_type)
SETTINGS index_granularity = 512
