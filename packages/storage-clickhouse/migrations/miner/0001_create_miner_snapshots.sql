-- Versions of a day's inputs. The rows of all other input tables are visible through the status kept here,
-- so this table exists before them. A state change is a newer version of the row.
CREATE TABLE IF NOT EXISTS miner_snapshots
(
  network LowCardinality(String),
  processing_date Date,
  window_days UInt16,
  snapshot_id LowCardinality(String),
  kind Enum8('published' = 1, 'transfers' = 2, 'detected' = 3),
  status Enum8('LOADING' = 1, 'READY' = 2, 'FAILED' = 3),
  source String,
  source_snapshot_id Nullable(String),
  producer_version LowCardinality(String),
  inputs_hash Nullable(String),
  count_alerts UInt64,
  count_features UInt64,
  count_clusters UInt64,
  count_money_flows UInt64,
  count_address_labels UInt64,
  count_transfers UInt64,
  error_message String,
  updated_at DateTime64(3, 'UTC'),
  _version UInt64,
  created_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(_version)
PARTITION BY (network, toYYYYMM(processing_date))
ORDER BY (network, processing_date, window_days, snapshot_id)
