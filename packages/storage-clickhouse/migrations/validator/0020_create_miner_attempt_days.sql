-- What each miner was asked on each UTC day, task by task: attempts are logged for a week only, and every longer period
-- is summed from here. Some rows a day, so they are kept. Hours are bits, 00:00 being bit 0.
CREATE TABLE IF NOT EXISTS miner_attempt_days
(
  netuid UInt16,
  validator_hotkey LowCardinality(String),
  day DateTime64(3, 'UTC'),
  miner_uid UInt16,
  miner_hotkey String,
  task_name LowCardinality(String),
  attempted UInt64,
  completed UInt64,
  asked_hours UInt32,
  answered_hours UInt32,
  trailing_failures UInt64,
  last_answered_at Nullable(DateTime64(3, 'UTC')),
  _version UInt64,
  created_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(_version)
PARTITION BY toYear(day)
ORDER BY (netuid, validator_hotkey, day, miner_uid, miner_hotkey, task_name)
SETTINGS index_granularity = 1024
