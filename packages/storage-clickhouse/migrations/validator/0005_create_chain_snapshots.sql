-- What each epoch left at each uid: facts of the chain, the same whoever read them, so no validator stands in the key.
-- History that is kept: no TTL.
CREATE TABLE IF NOT EXISTS chain_snapshots
(
  netuid UInt16,
  epoch_block UInt64,
  uid UInt16,
  hotkey String,
  coldkey String,
  stake UInt64,
  incentive UInt16,
  dividends UInt16,
  consensus UInt16,
  validator_trust UInt16,
  emission UInt64,
  has_permit Bool,
  is_active Bool,
  last_update UInt64,
  registered_at UInt64,
  observed_at DateTime64(3, 'UTC'),
  _version UInt64
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY (netuid, epoch_block, uid)
SETTINGS index_granularity = 256
