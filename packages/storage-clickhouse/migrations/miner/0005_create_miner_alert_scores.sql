-- Scores of a batch. The alert id is the key, so that a re-run of the batch replaces; reads that want the highest
-- scores first sort one batch, and the minmax index serves questions about a range of scores.
CREATE TABLE IF NOT EXISTS miner_alert_scores
(
  network LowCardinality(String),
  processing_date Date,
  window_days UInt16,
  batch_id LowCardinality(String),
  alert_id String,
  score Float64,
  model_version LowCardinality(String),
  latency_ms Float64,
  explain_json String,
  inputs_hash LowCardinality(String),
  _version UInt64,
  created_at DateTime DEFAULT now(),
  INDEX alert_id_bloom alert_id TYPE bloom_filter(0.01) GRANULARITY 4,
  INDEX score_minmax score TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(_version)
PARTITION BY (network, toYYYYMM(processing_date))
ORDER BY (network, processing_date, window_days, batch_id, alert_id)
