-- Transfers of a snapshot, from which features and alerts are derived. The transfer id alone is the key: a corrected
-- time or amount replaces the row instead of standing beside it.
CREATE TABLE IF NOT EXISTS miner_raw_transfers
(
  network LowCardinality(String),
  processing_date Date,
  window_days UInt16,
  snapshot_id LowCardinality(String),
  transfer_id String,
  block_timestamp DateTime64(3, 'UTC'),
  from_address String,
  to_address String,
  asset_symbol LowCardinality(String),
  amount Decimal(38, 18),
  amount_usd Decimal(38, 18),
  _version UInt64,
  created_at DateTime DEFAULT now(),
  INDEX block_timestamp_minmax block_timestamp TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(_version)
PARTITION BY (network, toYYYYMM(processing_date))
ORDER BY (network, processing_date, window_days, snapshot_id, transfer_id)
