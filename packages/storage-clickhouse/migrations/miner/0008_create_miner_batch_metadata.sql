-- Attempts at scoring a day, flat columns instead of Nested (which would be parallel arrays). The attempt stands in
-- the key, so that a running or failed attempt never hides a completed one.
CREATE TABLE IF NOT EXISTS miner_batch_metadata
(
  network LowCardinality(String),
  processing_date Date,
  window_days UInt16,
  batch_id LowCardinality(String),
  attempt UInt64,
  snapshot_id LowCardinality(String),
  inputs_hash String,
  results_hash Nullable(String),
  status Enum8('PROCESSING' = 1, 'COMPLETED' = 2, 'FAILED' = 3),
  started_at DateTime64(3, 'UTC'),
  processed_at DateTime64(3, 'UTC'),
  input_counts_alerts UInt64,
  input_counts_features UInt64,
  input_counts_clusters UInt64,
  output_counts_alert_scores UInt64,
  output_counts_alert_rankings UInt64,
  output_counts_cluster_scores UInt64,
  latencies_ms_alert_scoring UInt64,
  latencies_ms_alert_ranking UInt64,
  latencies_ms_cluster_scoring UInt64,
  latencies_ms_total UInt64,
  model_versions_alert_scorer LowCardinality(String),
  model_versions_alert_ranker LowCardinality(String),
  model_versions_cluster_scorer LowCardinality(String),
  error_message String,
  _version UInt64,
  created_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(_version)
PARTITION BY (network, toYYYYMM(processing_date))
ORDER BY (network, processing_date, window_days, batch_id, attempt)
