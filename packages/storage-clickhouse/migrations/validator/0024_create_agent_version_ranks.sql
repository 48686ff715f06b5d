-- What agents are ranked by, in short ranges: the best are found among all versions, and then those of the same agents are
-- looked at, which would be most of the reading in ranges as long as those of agent_versions. No score is -1: the index
-- leads to the highest ranks only in a column without nulls.
CREATE TABLE IF NOT EXISTS agent_version_ranks
(
  agent_id String,
  version_id String,
  version_num UInt32,
  created_at DateTime64(3, 'UTC'),
  rank Float64,
  _version UInt64,
  INDEX by_rank rank TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY (agent_id, version_id)
SETTINGS index_granularity = 64
