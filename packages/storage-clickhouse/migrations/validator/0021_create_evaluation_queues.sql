-- The evaluations of each validator in the order of its queue, and which of them wait: a place is counted within one range,
-- where the table of evaluations would be read as a whole. Nearly all that wait are the newest, so the index leaves the
-- rest out. An evaluation keeps its validator and its time, so its rows replace each other.
CREATE TABLE IF NOT EXISTS evaluation_queues
(
  validator_hotkey LowCardinality(String),
  created_at DateTime64(3, 'UTC'),
  evaluation_id String,
  is_waiting Bool,
  _version UInt64,
  INDEX by_is_waiting is_waiting TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY (validator_hotkey, created_at, evaluation_id)
SETTINGS index_granularity = 128
