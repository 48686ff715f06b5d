-- Task scores, one row per event and miner. The hotkey is part of the key, so that the next owner of a uid neither
-- inherits nor hides what the former one got; a deregistered hotkey's rows stay, marked as withdrawn. Scores may be given
-- again at another time, so time is no part of the key, and no partition may depend on it.
CREATE TABLE IF NOT EXISTS score_table
(
  netuid UInt16,
  validator_hotkey LowCardinality(String),
  task_name LowCardinality(String),
  task_id String,
  uid UInt16,
  hotkey String,
  score Nullable(Float64),
  status LowCardinality(String),
  scored_at DateTime64(3, 'UTC'),
  withdrawn_at Nullable(DateTime64(3, 'UTC')),
  _version UInt64,
  created_at DateTime DEFAULT now(),
  INDEX scored_at_minmax scored_at TYPE minmax GRANULARITY 1,
  INDEX hotkey_bloom hotkey TYPE bloom_filter(0.01) GRANULARITY 4
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY (netuid, validator_hotkey, task_name, task_id, uid, hotkey)
