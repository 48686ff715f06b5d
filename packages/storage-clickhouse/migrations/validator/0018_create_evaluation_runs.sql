-- Runs of evaluations, together with those of the same evaluation. Patches are most of the table: no question about many
-- evaluations reads them.
CREATE TABLE IF NOT EXISTS evaluation_runs
(
  run_id String,
  evaluation_id String,
  attempt UInt8,
  swebench_instance_id LowCardinality(String),
  status Enum8('started' = 1, 'sandbox_created' = 2, 'patch_generated' = 3, 'eval_started' = 4, 'result_scored' = 5, 'cancelled' = 6),
  response Nullable(String),
  error Nullable(String),
  pass_to_fail_success Array(String),
  fail_to_pass_success Array(String),
  pass_to_pass_success Array(String),
  fail_to_fail_success Array(String),
  solved Nullable(Bool),
  started_at DateTime64(3, 'UTC'),
  sandbox_created_at Nullable(DateTime64(3, 'UTC')),
  patch_generated_at Nullable(DateTime64(3, 'UTC')),
  eval_started_at Nullable(DateTime64(3, 'UTC')),
  result_scored_at Nullable(DateTime64(3, 'UTC')),
  _version UInt64
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY (evaluation_id, run_id)
SETTINGS index_granularity = 1024
