-- Fills the points with each insert of traces, before that insert is acknowledged. Both tables have the same key, so a
-- repeated insert replaces in both.
CREATE MATERIALIZED VIEW IF NOT EXISTS miner_weight_trace_points_feed TO miner_weight_trace_points AS
SELECT netuid, validator_hotkey, hotkey, cycle_id, created_at AS at, weight, submitted_weight, submitted_value, _version
FROM miner_weight_traces
