-- Ranks of a batch. The alert id is the key and not the rank: an alert has one place, also after a re-run that
-- gave it another.
CREATE TABLE IF NOT EXISTS miner_alert_rankings
(
  network LowCardinality(String),
  processing_date Date,
  window_days UInt16,
  batch_id LowCardinality(String),
  alert_id String,
  rank UInt64,
  score Float64,
  model_version LowCardinality(String),
  inputs_hash LowCardinality(String),
  _version UInt64,
  created_at DateTime DEFAULT now(),
  INDEX rank_minmax rank TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(_version)
PARTITION BY (network, toYYYYMM(processing_date))
ORDER BY (network, processing_date, window_days, batch_id, alert_id)
