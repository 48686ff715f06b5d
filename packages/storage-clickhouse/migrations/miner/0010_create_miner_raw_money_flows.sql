-- Transfers summed per pair of addresses. Sums have 76 digits: a million of the largest transfers fit.
CREATE TABLE IF NOT EXISTS miner_raw_money_flows
(
  network LowCardinality(String),
  processing_date Date,
  window_days UInt16,
  snapshot_id LowCardinality(String),
  from_address String,
  to_address String,
  tx_count UInt64,
  amount_usd_sum Decimal(76, 18),
  first_seen DateTime64(3, 'UTC'),
  last_seen DateTime64(3, 'UTC'),
  _version UInt64,
  created_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(_version)
PARTITION BY (network, toYYYYMM(processing_date))
ORDER BY (network, processing_date, window_days, snapshot_id, from_address, to_address)
