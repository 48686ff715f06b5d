-- Rows of a miner's reports of risk scores with their verdicts: up to one for each account of a dataset.
CREATE TABLE IF NOT EXISTS miner_risk_scores
(
  run_id String,
  row_number UInt32,
  address String,
  risk_score Nullable(Float64),
  verdict LowCardinality(String),
  _version UInt64
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY (run_id, row_number)
