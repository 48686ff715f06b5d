-- What was stored before the feed was there. Rows keep their versions: filled twice, or beside the feed, they are the same.
INSERT INTO agent_version_ranks (agent_id, version_id, version_num, created_at, rank, _version)
SELECT agent_id, version_id, version_num, created_at, ifNull(score, -1), _version
FROM agent_versions
