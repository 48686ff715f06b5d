import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type ClickHouseConnection, createVersionClock } from '@subnetkit/storage-clickhouse'
import { afterAll, beforeAll } from 'vitest'

import { createClickHouseAxonProbeRepository } from '../src/clickhouse-axon-probe-repository.ts'
import { connectStore } from '../src/connect-store.ts'
import { axonProbeRepositoryContract } from './axon-probe-repository-contract.ts'

/** The real engine, embedded; each test has a database of its own. */

let dataFolder = ''
const open: ClickHouseConnection[] = []

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'own-app-'))
})

afterAll(async () => {
  for (const connection of open) await connection.close()
  await rm(dataFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 })
})

axonProbeRepositoryContract(async () => {
  const network = `t${randomUUID().replaceAll('-', '').slice(0, 30)}`
  const connection = await connectStore({ env: {}, network, dataFolder, now: () => new Date() })
  open.push(connection)
  return createClickHouseAxonProbeRepository(connection, createVersionClock({ now: Date.now, writerId: 0 }))
})
