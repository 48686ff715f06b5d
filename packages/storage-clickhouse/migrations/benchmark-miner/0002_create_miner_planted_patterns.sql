-- What was planted in the dataset of each of a miner's runs, and whether the run found it.
CREATE TABLE IF NOT EXISTS miner_planted_patterns
(
  run_id String,
  planted_pattern String,
  pattern_type LowCardinality(String),
  addresses Array(String),
  is_found Bool,
  found_by_row Nullable(UInt64),
  _version UInt64
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY (run_id, planted_pattern)
SETTINGS index_granularity = 1024
