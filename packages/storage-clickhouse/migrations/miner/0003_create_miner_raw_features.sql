-- Features in long form, a row per address and name, so that a source may have any columns. Text stands in
-- feature_metadata; a missing value is a missing row.
CREATE TABLE IF NOT EXISTS miner_raw_features
(
  network LowCardinality(String),
  processing_date Date,
  window_days UInt16,
  snapshot_id LowCardinality(String),
  address String,
  feature_name LowCardinality(String),
  feature_value Float64,
  feature_metadata String,
  _version UInt64,
  created_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(_version)
PARTITION BY (network, toYYYYMM(processing_date))
ORDER BY (network, processing_date, window_days, snapshot_id, address, feature_name)
