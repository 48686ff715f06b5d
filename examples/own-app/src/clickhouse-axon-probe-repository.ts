import {
  type ClickHouseConnection,
  from,
  insertRows,
  readAll,
  readOne,
  type VersionClock,
} from '@subnetkit/storage-clickhouse'

import type { AxonProbeRepository } from './axon-probe-repository.ts'
import { axonProbeRow, axonUptimeRow } from './axon-probe-rows.ts'

/** Probes in ClickHouse. `versions` decides which of two rows with the same key is the newer one. */
export function createClickHouseAxonProbeRepository(
  connection: ClickHouseConnection,
  versions: VersionClock,
): AxonProbeRepository {
  return {
    async put({ probes }, options = {}) {
      await insertRows(connection, axonProbeRow, probes, { ...options, version: versions })
    },

    findNewest({ network, netuid, uid }, options = {}) {
      return readOne(connection, axonProbeRow, {
        ...options,
        sql: `SELECT {columns} FROM {table}
              WHERE network = {network:String} AND netuid = {netuid:UInt16} AND uid = {uid:UInt16}
              ORDER BY probed_at DESC LIMIT 1`,
        params: { network, netuid, uid },
      })
    },

    summarise({ network, netuid, since, until }, options = {}) {
      return readAll(connection, axonUptimeRow, {
        ...options,
        sql: `SELECT uid, count() AS probes, count(latency_ms) AS answered, quantileExact(latency_ms) AS median
              FROM ${from(connection, axonProbeRow)}
              WHERE network = {network:String} AND netuid = {netuid:UInt16}
                AND probed_at >= {since:DateTime64(3)} AND probed_at < {until:DateTime64(3)}
              GROUP BY uid ORDER BY uid`,
        params: { network, netuid, since, until },
      })
    },
  }
}
