-- What was stored before the feed was there. Rows keep their versions: filled twice, or beside the feed, they are the same.
INSERT INTO evaluation_queues (validator_hotkey, created_at, evaluation_id, is_waiting, _version)
SELECT validator_hotkey, created_at, evaluation_id, status = 'waiting', _version
FROM evaluations
