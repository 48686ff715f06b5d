-- Scores of epochs. The epoch is part of the key, so that a miner keeps the score of each: the newest is found by when it
-- was calculated, not by what a merge left.
CREATE TABLE IF NOT EXISTS benchmark_scores
(
  image_type Enum8('analytics' = 1, 'ml' = 2),
  hotkey String,
  epoch_id String,
  tournament_id Nullable(String),
  participant_type Enum8('miner' = 1, 'baseline' = 2),
  rule_set LowCardinality(String),
  final_score Float64,
  components Array(Tuple(name Enum8('accuracy' = 1, 'correctness' = 2, 'performance' = 3, 'novelty' = 4), weight UInt8, score Float64)),
  baseline_comparison_ratio Float64,
  average_execution_time_seconds Float64,
  is_data_correct_on_all_days Bool,
  is_within_time_limit Bool,
  days_completed UInt64,
  runs_completed UInt64,
  disqualification Nullable(String),
  calculated_at DateTime64(3, 'UTC'),
  rank Nullable(UInt32),
  _version UInt64
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY (image_type, hotkey, epoch_id)
SETTINGS index_granularity = 512
