-- Agents of miners, one for each hotkey; a newer upload is a newer version of the row. Ids are texts: the UUID type sorts
-- by its second half. An agent is looked for by its hotkey too, which the index finds without reading the table.
CREATE TABLE IF NOT EXISTS agents
(
  agent_id String,
  miner_hotkey String,
  name String,
  latest_version UInt32,
  created_at DateTime64(3, 'UTC'),
  last_updated DateTime64(3, 'UTC'),
  _version UInt64,
  INDEX by_miner_hotkey miner_hotkey TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY agent_id
SETTINGS index_granularity = 512
