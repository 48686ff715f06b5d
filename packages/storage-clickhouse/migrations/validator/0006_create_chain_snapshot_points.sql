-- The same neurons, sorted by hotkey: its history is one range. A block that was read again after a reorganisation may
-- have another hotkey at a uid; the row of the one before is then marked as deleted, since no key here replaces it.
CREATE TABLE IF NOT EXISTS chain_snapshot_points
(
  netuid UInt16,
  hotkey String,
  epoch_block UInt64,
  uid UInt16,
  incentive UInt16,
  dividends UInt16,
  observed_at DateTime64(3, 'UTC'),
  is_deleted UInt8,
  _version UInt64
)
ENGINE = ReplacingMergeTree(_version, is_deleted)
ORDER BY (netuid, hotkey, epoch_block, uid)
SETTINGS index_granularity = 512
