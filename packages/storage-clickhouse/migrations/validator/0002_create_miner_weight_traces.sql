-- Every miner's way from scores to weight, cycle by cycle. Large and soon old: removed after a number of days that
-- setRetention changes; what a cycle sent stays in weight_cycles. Not partitioned by time, which is no part of the key.
-- A cycle of 256 miners is a range of two granules.
CREATE TABLE IF NOT EXISTS miner_weight_traces
(
  netuid UInt16,
  validator_hotkey LowCardinality(String),
  cycle_id String,
  hotkey String,
  uid Nullable(UInt16),
  coldkey Nullable(String),
  tasks Array(Tuple(task LowCardinality(String), score Nullable(Float64), percentile Nullable(Float64), is_qualified Bool, contribution Float64, effective_contribution Float64, count UInt64, excellence_cut Nullable(Float64), mean Nullable(Float64), deviation Nullable(Float64), steepness Nullable(Float64))),
  pathway Enum8('excellence' = 1, 'diversity' = 2, 'none' = 3, 'rule' = 4),
  bonus Float64,
  excellence Float64,
  excellence_task LowCardinality(Nullable(String)),
  diversity Float64,
  raw Float64,
  cluster_size UInt64,
  cluster_factor Float64,
  normalised Float64,
  midpoint Nullable(Float64),
  deviation Nullable(Float64),
  branch Enum8('curve' = 1, 'rank' = 2, 'contrast' = 3, 'none' = 4, 'rule' = 5),
  curved Float64,
  weight Float64,
  held_back LowCardinality(Nullable(String)),
  submitted_weight Float64,
  submitted_value UInt16,
  created_at DateTime64(3, 'UTC'),
  _version UInt64
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY (netuid, validator_hotkey, cycle_id, hotkey)
TTL created_at + toIntervalDay(365)
SETTINGS index_granularity = 256
