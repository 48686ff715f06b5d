import { isDeepStrictEqual } from 'node:util'

import { StorageError, type CallOptions } from '@subnetkit/core'

import type { DynamoConnection } from '../connect.ts'
import { deleteItem } from '../requests/delete-item.ts'
import { keyOf } from '../requests/key-text.ts'
import { putItem } from '../requests/put-item.ts'
import { tableName } from '../tables/table-spec.ts'
import type { StoreProbe } from './store-probe.ts'
import { storeProbes } from './store-probes.ts'

/** What to check. */
export interface CheckStoreParams {
  readonly connection: DynamoConnection
  readonly now: Date
  /** Becomes part of every key that is written: 1–32 letters or digits, new for each check. */
  readonly id: string
  /** Told after each kind, so that a command can show progress. */
  readonly onChecked?: (check: StoreCheck) => void
}

/** How one kind of item fared. */
export interface StoreCheck {
  /** `sample`, `miner`, `samplingTask` … */
  readonly kind: string
  /** With the prefix. */
  readonly table: string
  readonly isOk: boolean
  /** The step that failed and why; null when all went well. */
  readonly problem: string | null
}

/**
 * Writes, reads and removes one item of every kind, each through its own codec: what an operator runs after a change
 * of rights, tables or engine. Nothing acts on the items meanwhile, and no table is read as a whole. A failure is
 * reported by kind, and the rest is still checked; a kill leaves at most one item, which never matters.
 *
 * @throws StorageError `invalid_input` for a bad `id`; and whatever reason an abort has.
 */
export async function checkStore(
  params: CheckStoreParams,
  options?: CallOptions,
): Promise<readonly StoreCheck[]> {
  const { connection, now, id, onChecked } = params
  if (!/^[A-Za-z0-9]{1,32}$/.test(id)) {
    throw new StorageError({ code: 'invalid_input', message: 'id: must be 1–32 letters or digits' })
  }
  const checks: StoreCheck[] = []
  for (const probe of storeProbes(id, now)) {
    const problem = await checkProbe(connection, probe, options)
    const table = tableName(connection.tablePrefix, probe.table)
    const check = { kind: probe.kind, table, isOk: problem === null, problem }
    onChecked?.(check)
    checks.push(check)
  }
  return checks
}

async function checkProbe(
  connection: DynamoConnection,
  probe: StoreProbe,
  options: CallOptions | undefined,
): Promise<string | null> {
  const { table, item, read } = probe
  const key = keyOf(table, item)
  const name = tableName(connection.tablePrefix, table)
  const problem = await problemOf('write', options, async () => {
    await putItem({ connection, table, item }, options)
    return null
  })
  if (problem !== null) return problem
  const misread = await problemOf('read', options, async () => {
    // Not `getItem`: some of the items have expired, and are to be seen here all the same.
    const found = await connection.documents.get(
      { TableName: name, Key: { ...key }, ConsistentRead: true },
      options,
    )
    if (found.Item === undefined) return 'the item that was written is not there'
    return isDeepStrictEqual(read(found.Item), read(item)) ? null : 'the item came back changed'
  })
  const kept = await problemOf('remove', options, async () => {
    const outcome = await deleteItem({ connection, table, key }, options)
    return outcome === 'removed' ? null : 'the item was gone already'
  })
  return misread ?? kept
}

async function problemOf(
  step: string,
  options: CallOptions | undefined,
  run: () => Promise<string | null>,
): Promise<string | null> {
  try {
    const problem = await run()
    return problem === null ? null : `${step}: ${problem}`
  } catch (error) {
    options?.signal?.throwIfAborted()
    return `${step}: ${error instanceof Error ? error.message : String(error)}`
  }
}
