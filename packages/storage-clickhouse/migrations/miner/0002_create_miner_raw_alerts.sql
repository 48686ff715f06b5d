-- Alerts of a snapshot. An alert id is unique only within its snapshot: the sources reuse ids across windows, so the
-- window and the snapshot stand in the key. Volumes are sums, hence 76 digits: nothing that a chain reports overflows.
CREATE TABLE IF NOT EXISTS miner_raw_alerts
(
  network LowCardinality(String),
  processing_date Date,
  window_days UInt16,
  snapshot_id LowCardinality(String),
  alert_id String,
  address String,
  typology_type LowCardinality(String),
  pattern_id String,
  pattern_type LowCardinality(String),
  severity Enum8('low' = 1, 'medium' = 2, 'high' = 3, 'critical' = 4),
  suspected_address_type LowCardinality(String),
  suspected_address_subtype LowCardinality(String),
  alert_confidence_score Float64,
  description String,
  volume_usd Decimal(76, 18),
  evidence_json String,
  risk_indicators Array(String),
  _version UInt64,
  created_at DateTime DEFAULT now(),
  INDEX alert_id_bloom alert_id TYPE bloom_filter(0.01) GRANULARITY 4
)
ENGINE = ReplacingMergeTree(_version)
PARTITION BY (network, toYYYYMM(processing_date))
ORDER BY (network, processing_date, window_days, snapshot_id, alert_id)
