-- Fills the ranks with each insert of versions, before that insert is acknowledged. Both tables have the same key, so a
-- repeated or late insert ends the same in both.
CREATE MATERIALIZED VIEW IF NOT EXISTS agent_version_ranks_feed TO agent_version_ranks AS
SELECT agent_id, version_id, version_num, created_at, ifNull(score, -1) AS rank, _version
FROM agent_versions
