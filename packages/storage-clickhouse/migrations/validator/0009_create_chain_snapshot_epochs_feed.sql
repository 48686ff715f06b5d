-- Fills the list of epochs with each insert of one, before that insert is acknowledged.
CREATE MATERIALIZED VIEW IF NOT EXISTS chain_snapshot_epochs_feed TO chain_snapshot_epochs AS
SELECT netuid, epoch_block, max(chain_snapshots._version) AS _version
FROM chain_snapshots
GROUP BY netuid, epoch_block
