import { StorageError, type StorageErrorCode } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { connectDynamo, type DynamoConnection } from '../connect.ts'
import { defineTable } from '../tables/table-spec.ts'
import { absent } from './condition.ts'
import { putEach } from './put-each.ts'

const table = defineTable({
  name: 'things',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: null,
  indexes: [],
  expiryAttribute: null,
})
const items = Array.from({ length: 40 }, (_, index) => ({ pk: `item-${index}` }))
const backoff = { baseDelayMs: 1, maxDelayMs: 2 }

/** A connection whose puts end as `fateOf` says, without any engine. */
function connectionOf(fateOf: (key: string, attempt: number) => StorageErrorCode | null): {
  readonly connection: DynamoConnection
  readonly attempts: ReadonlyMap<string, number>
} {
  const unused = connectDynamo({ endpoint: 'http://127.0.0.1:9', tablePrefix: 't' })
  const attempts = new Map<string, number>()
  const put: DynamoConnection['documents']['put'] = async (input) => {
    const key = String(input.Item?.['pk'])
    const attempt = (attempts.get(key) ?? 0) + 1
    attempts.set(key, attempt)
    const code = fateOf(key, attempt)
    if (code !== null) throw new StorageError({ code, message: `${key} at try ${attempt}` })
    return { $metadata: {} }
  }
  return { connection: { ...unused, documents: { ...unused.documents, put } }, attempts }
}

async function run(connection: DynamoConnection): Promise<number> {
  return await putEach({ connection, table, items, condition: absent('pk'), atOnce: 8, backoff })
}

describe('putEach', () => {
  it('sends again what failed and nothing else', async () => {
    const { connection, attempts } = connectionOf((key, attempt) =>
      key.endsWith('7') && attempt < 3 ? 'throttled' : null,
    )
    expect(await run(connection)).toBe(40)
    for (const [key, count] of attempts) expect([key, count]).toEqual([key, key.endsWith('7') ? 3 : 1])
  })

  it('does not count what was there', async () => {
    const { connection } = connectionOf((key) => (key.endsWith('0') ? 'conflict' : null))
    expect(await run(connection)).toBe(36)
  })

  it('says which are left when tries run out', async () => {
    const { connection } = connectionOf((key, attempt) => {
      const open = 8 - Number(key.split('-')[1])
      return open > 0 && attempt < 20 - open ? 'unavailable' : null
    })
    await expect(run(connection)).rejects.toMatchObject({
      code: 'incomplete_batch',
      retryable: true,
      details: { total: 40, left: items.slice(0, 8).map((key) => ({ table: 'things', key })) },
    })
  })

  it('ends at once when nothing gets through, or when no further try would help', async () => {
    const down = connectionOf(() => 'unavailable')
    await expect(run(down.connection)).rejects.toMatchObject({
      code: 'incomplete_batch',
      details: { total: 40 },
    })
    expect(Math.max(...down.attempts.values())).toBe(1)
    const bad = connectionOf((key) => (key === 'item-3' ? 'missing_schema' : null))
    await expect(run(bad.connection)).rejects.toMatchObject({ code: 'missing_schema' })
  })
})
