-- Which epochs are stored: one row instead of one per uid, so that the last one is found without reading them all.
CREATE TABLE IF NOT EXISTS chain_snapshot_epochs
(
  netuid UInt16,
  epoch_block UInt64,
  _version UInt64
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY (netuid, epoch_block)
