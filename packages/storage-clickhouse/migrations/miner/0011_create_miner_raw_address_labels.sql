-- What sources say about addresses, kept per snapshot because labels change; an address may have several.
CREATE TABLE IF NOT EXISTS miner_raw_address_labels
(
  network LowCardinality(String),
  processing_date Date,
  window_days UInt16,
  snapshot_id LowCardinality(String),
  address String,
  label String,
  address_type LowCardinality(String),
  address_subtype LowCardinality(String),
  risk_level Enum8('low' = 1, 'medium' = 2, 'high' = 3, 'critical' = 4),
  trust_level LowCardinality(String),
  source LowCardinality(String),
  confidence_score Float64,
  _version UInt64,
  created_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(_version)
PARTITION BY (network, toYYYYMM(processing_date))
ORDER BY (network, processing_date, window_days, snapshot_id, address, label)
