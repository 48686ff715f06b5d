-- Weight cycles as they stand: one row per cycle, a change of state is a newer version of it. History that is kept: no
-- TTL. The time of a cycle is no part of its key, because preparing the same weights again is the same cycle; so there
-- is no partition by time either, which would let two versions of one cycle stand side by side. A row holds a whole
-- vector of weights: granules of four rows keep a page of fifty cycles from reading all of them.
CREATE TABLE IF NOT EXISTS weight_cycles
(
  netuid UInt16,
  validator_hotkey LowCardinality(String),
  cycle_id String,
  block_number UInt64,
  snapshot_id String,
  snapshot_block UInt64,
  rule LowCardinality(String),
  parameters_hash FixedString(64),
  burn Float64,
  state Enum8('prepared' = 1, 'submitted' = 2, 'included' = 3, 'revealed' = 4, 'effective' = 5, 'failed' = 6),
  reason Nullable(String),
  attempts UInt64,
  version_key UInt64,
  mechanism Nullable(Enum8('plain' = 1, 'hash_commit' = 2, 'timelocked_commit' = 3)),
  inclusion_block Nullable(UInt64),
  extrinsic_hash Nullable(String),
  reveal_block Nullable(UInt64),
  effective_block Nullable(UInt64),
  weights Array(Tuple(hotkey String, weight Float64, uid Nullable(UInt16), value Nullable(UInt16))),
  steps Array(Tuple(state Enum8('prepared' = 1, 'submitted' = 2, 'included' = 3, 'revealed' = 4, 'effective' = 5, 'failed' = 6), at DateTime64(3, 'UTC'), block_number Nullable(UInt64), detail Nullable(String))),
  created_at DateTime64(3, 'UTC'),
  updated_at DateTime64(3, 'UTC'),
  _version UInt64
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY (netuid, validator_hotkey, cycle_id)
SETTINGS index_granularity = 4
