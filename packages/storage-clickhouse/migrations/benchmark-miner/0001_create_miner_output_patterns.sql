-- Rows of a miner's reports of patterns with their verdicts. A run's rows lie together and are removed together, and its
-- id is the first part of the key: two runs never mix.
CREATE TABLE IF NOT EXISTS miner_output_patterns
(
  run_id String,
  row_number UInt32,
  pattern_type String,
  addresses Array(String),
  verdict LowCardinality(String),
  explanation String,
  is_accepted Bool,
  planted_pattern String,
  _version UInt64
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY (run_id, row_number)
SETTINGS index_granularity = 1024
