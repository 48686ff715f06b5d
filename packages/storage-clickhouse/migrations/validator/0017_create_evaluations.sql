-- Evaluations as they stand, together with those of the same version; a change of state is a newer version of the row.
CREATE TABLE IF NOT EXISTS evaluations
(
  evaluation_id String,
  version_id String,
  validator_hotkey LowCardinality(String),
  status Enum8('waiting' = 1, 'running' = 2, 'completed' = 3, 'error' = 4, 'timedout' = 5, 'disconnected' = 6, 'replaced' = 7, 'cancelled' = 8),
  attempt UInt8,
  terminated_reason Nullable(String),
  created_at DateTime64(3, 'UTC'),
  started_at Nullable(DateTime64(3, 'UTC')),
  finished_at Nullable(DateTime64(3, 'UTC')),
  score Nullable(Float64),
  _version UInt64
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY (version_id, evaluation_id)
SETTINGS index_granularity = 1024
