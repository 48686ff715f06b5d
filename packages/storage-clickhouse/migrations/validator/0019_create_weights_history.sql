-- Weights of all miners from a moment on, by that moment: the newest and those of a day are one range. A snapshot never
-- changes its time, so time and id are as good a key as the id; the index finds a snapshot by its id alone.
CREATE TABLE IF NOT EXISTS weights_history
(
  id String,
  timestamp DateTime64(3, 'UTC'),
  time_since_last_update_seconds Nullable(Float64),
  miner_weights Array(Tuple(miner_hotkey String, weight Float64)),
  _version UInt64,
  INDEX by_id id TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY (timestamp, id)
SETTINGS index_granularity = 64
