import { column, rowCodec, rowReader } from '@subnetkit/storage-clickhouse'

import { axonProbeSchema, axonUptimeSchema } from './axon-probe.ts'

/** A probe as a row of `axon_probes`. The column list, the reader, the writer and the check follow from it. */
export const axonProbeRow = rowCodec({
  table: 'axon_probes',
  engine: 'ReplacingMergeTree',
  schema: axonProbeSchema,
  columns: {
    network: column.lowCardinality(),
    netuid: column.uint16(),
    uid: column.uint16(),
    hotkey: column.string(),
    probedAt: column.dateTime64(),
    latencyMs: column.nullable(column.float64()),
    stake: column.decimal(38, 9),
  },
})

/** A summary is no table's row: it has a reader only. */
export const axonUptimeRow = rowReader({
  label: 'uptime per axon',
  schema: axonUptimeSchema,
  columns: {
    uid: column.uint16(),
    probes: column.uint64Number(),
    answered: column.uint64Number(),
    medianLatencyMs: column.nullable(column.float64()),
  },
})
