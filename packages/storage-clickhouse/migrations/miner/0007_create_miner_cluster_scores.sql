-- Cluster scores of a batch; every cluster has exactly one.
CREATE TABLE IF NOT EXISTS miner_cluster_scores
(
  network LowCardinality(String),
  processing_date Date,
  window_days UInt16,
  batch_id LowCardinality(String),
  cluster_id String,
  score Float64,
  model_version LowCardinality(String),
  explain_json String,
  inputs_hash LowCardinality(String),
  _version UInt64,
  created_at DateTime DEFAULT now(),
  INDEX score_minmax score TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(_version)
PARTITION BY (network, toYYYYMM(processing_date))
ORDER BY (network, processing_date, window_days, batch_id, cluster_id)
