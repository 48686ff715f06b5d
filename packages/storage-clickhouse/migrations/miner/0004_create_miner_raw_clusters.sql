-- Alert clusters of a snapshot. The volume is a sum over members, hence 76 digits.
CREATE TABLE IF NOT EXISTS miner_raw_clusters
(
  network LowCardinality(String),
  processing_date Date,
  window_days UInt16,
  snapshot_id LowCardinality(String),
  cluster_id String,
  cluster_type LowCardinality(String),
  primary_address String,
  pattern_id String,
  primary_alert_id String,
  related_alert_ids Array(String),
  addresses_involved Array(String),
  total_alerts UInt64,
  total_volume_usd Decimal(76, 18),
  severity_max Enum8('low' = 1, 'medium' = 2, 'high' = 3, 'critical' = 4),
  confidence_avg Float64,
  earliest_alert_timestamp UInt64,
  latest_alert_timestamp UInt64,
  _version UInt64,
  created_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(_version)
PARTITION BY (network, toYYYYMM(processing_date))
ORDER BY (network, processing_date, window_days, snapshot_id, cluster_id)
