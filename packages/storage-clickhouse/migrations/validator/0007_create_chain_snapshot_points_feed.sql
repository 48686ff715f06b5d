-- Fills the points with each insert of an epoch, before that insert is acknowledged.
CREATE MATERIALIZED VIEW IF NOT EXISTS chain_snapshot_points_feed TO chain_snapshot_points AS
SELECT netuid, hotkey, epoch_block, uid, incentive, dividends, observed_at, toUInt8(0) AS is_deleted, _version
FROM chain_snapshots
