-- Results of tournaments, by hotkey and not by rank: scoring again with other ranks leaves none of the old ones.
CREATE TABLE IF NOT EXISTS tournament_results
(
  tournament_id String,
  hotkey String,
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
  rank UInt16,
  is_winner Bool,
  is_baseline_beaten Bool,
  participants_beaten UInt16,
  _version UInt64
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY (tournament_id, hotkey)
SETTINGS index_granularity = 512
