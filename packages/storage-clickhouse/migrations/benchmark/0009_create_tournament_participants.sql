-- Participants, by tournament and hotkey: of two registrations with the same place neither overwrites the other.
CREATE TABLE IF NOT EXISTS tournament_participants
(
  tournament_id String,
  hotkey String,
  participant_type Enum8('miner' = 1, 'baseline' = 2),
  registration_order UInt16,
  repository String,
  commit FixedString(40),
  miner_database_name String,
  baseline_id Nullable(String),
  status Enum8('registered' = 1, 'active' = 2, 'completed' = 3, 'failed' = 4, 'disqualified' = 5, 'withdrawn' = 6),
  reason Nullable(String),
  disqualified_on_day Nullable(UInt8),
  registered_at DateTime64(3, 'UTC'),
  updated_at DateTime64(3, 'UTC'),
  _version UInt64
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY (tournament_id, hotkey)
SETTINGS index_granularity = 512
