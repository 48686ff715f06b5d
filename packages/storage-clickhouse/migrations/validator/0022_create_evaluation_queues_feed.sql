-- Fills the queues with each insert of evaluations, before that insert is acknowledged. Rows carry the version of what
-- they say, so that a late insert of an older state does not put an evaluation back into its queue.
CREATE MATERIALIZED VIEW IF NOT EXISTS evaluation_queues_feed TO evaluation_queues AS
SELECT validator_hotkey, created_at, evaluation_id, status = 'waiting' AS is_waiting, _version
FROM evaluations
