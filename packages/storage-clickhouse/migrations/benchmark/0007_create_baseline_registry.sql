-- Versions of the baseline, by type. Its runs are runs like all others, of the participant type baseline.
CREATE TABLE IF NOT EXISTS baseline_registry
(
  baseline_id String,
  image_type Enum8('analytics' = 1, 'ml' = 2),
  version String,
  repository String,
  commit FixedString(40),
  originated_from_tournament_id Nullable(String),
  originated_from_hotkey Nullable(String),
  status Enum8('building' = 1, 'active' = 2, 'deprecated' = 3, 'failed' = 4),
  error_message Nullable(String),
  created_at DateTime64(3, 'UTC'),
  activated_at Nullable(DateTime64(3, 'UTC')),
  deprecated_at Nullable(DateTime64(3, 'UTC')),
  _version UInt64,
  INDEX by_baseline_id baseline_id TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY (image_type, version)
SETTINGS index_granularity = 512
