import { type BenchmarkMinerContext, InputError, type MinerDatabase } from '@subnetkit/core'

import type { BenchmarkDeps } from '../../benchmark-deps.ts'
import { minerDatabaseName } from '../../miner-database-name.ts'
import { lockNames } from '../../ports/locks.ts'

type Deps = Pick<BenchmarkDeps, 'clock' | 'databasePrefix' | 'locks' | 'repositories'>

const LOCK_WAIT_MS = 60_000

/**
 * Makes sure of a miner's output database and notes that it is used. The lock keeps two processes from making its tables
 * at once; a crash between making and noting leaves a database that the next try notes.
 *
 * @throws InputError for a hotkey that is none, and for a database that was archived: its miner's days are over.
 */
export async function prepareMinerDatabase(
  deps: Deps,
  { imageType, hotkey }: BenchmarkMinerContext,
  signal: AbortSignal,
): Promise<MinerDatabase> {
  const { minerDatabases, minerOutputs } = deps.repositories
  const databaseName = minerDatabaseName({ prefix: deps.databasePrefix, imageType, hotkey })
  const name = lockNames.minerDatabase(databaseName)
  await using lock = await deps.locks.acquire({ name, waitMs: LOCK_WAIT_MS, signal })
  const options = { signal: AbortSignal.any([signal, lock.lost]) }
  const known = await minerDatabases.find({ hotkey, imageType }, options)
  const now = deps.clock.now()
  if (known?.status === 'archived') {
    throw new InputError({
      field: 'hotkey',
      value: hotkey,
      problem: `has an archived ${imageType} database, to which nothing is written any more`,
      hint: 'set it active again, or run another hotkey',
    })
  }
  if (known?.status === 'active') {
    return await minerDatabases.touch({ hotkey, imageType, now }, options)
  }
  await minerOutputs.prepare({ minerDatabase: databaseName, imageType, now }, options)
  const minerDatabase: MinerDatabase = {
    hotkey,
    imageType,
    databaseName,
    status: 'active',
    createdAt: known?.createdAt ?? now,
    lastUsedAt: now,
  }
  await minerDatabases.put({ minerDatabase }, options)
  return minerDatabase
}
