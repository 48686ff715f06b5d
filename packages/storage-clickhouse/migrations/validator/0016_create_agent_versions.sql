-- Versions of agents, together with those of the same agent. A version never changes its agent, so the pair is as good a
-- key as its id; the index finds a version by its id alone.
CREATE TABLE IF NOT EXISTS agent_versions
(
  version_id String,
  agent_id String,
  version_num UInt32,
  created_at DateTime64(3, 'UTC'),
  score Nullable(Float64),
  _version UInt64,
  INDEX by_version_id version_id TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY (agent_id, version_id)
SETTINGS index_granularity = 512
