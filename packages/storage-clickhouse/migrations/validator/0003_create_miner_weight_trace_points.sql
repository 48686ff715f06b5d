-- The same traces, sorted by miner instead of cycle and with little of each: a miner's history is one range here, where
-- it would be one row of each cycle there. A projection would not do, since reads of a Replacing table pass it by.
CREATE TABLE IF NOT EXISTS miner_weight_trace_points
(
  netuid UInt16,
  validator_hotkey LowCardinality(String),
  hotkey String,
  cycle_id String,
  at DateTime64(3, 'UTC'),
  weight Float64,
  submitted_weight Float64,
  submitted_value UInt16,
  _version UInt64
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY (netuid, validator_hotkey, hotkey, cycle_id)
TTL at + toIntervalDay(365)
SETTINGS index_granularity = 512
