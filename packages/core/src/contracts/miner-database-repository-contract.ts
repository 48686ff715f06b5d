import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import {
  minerDatabaseNameSchema,
  minerDatabaseStatuses,
  type MinerDatabase,
} from '../models/miner-database.ts'
import type { MinerDatabaseRepository } from '../repositories/miner-database-repository.ts'
import { buildMinerDatabase } from './benchmark-builders.ts'
import { currentRowsContract, type TwoWriters } from './current-rows-contract.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { nastyInstants } from './nasty-values.ts'
import { expectInvalid, readPages } from './sample-suite.ts'
import { newHotkey } from './weight-record-builders.ts'

const later = new Date('2026-03-01T00:00:00.001Z')

/** Everything that an implementation of {@link MinerDatabaseRepository} must hold, on a real engine. */
export function minerDatabaseRepositoryContract(
  options: RepositoryContractOptions<TwoWriters<MinerDatabaseRepository>>,
): void {
  describe('miner database repository contract', () => {
    let databases: MinerDatabaseRepository
    let store: TwoWriters<MinerDatabaseRepository>
    beforeAll(async () => {
      store = await options.setup()
      databases = store.repository
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    currentRowsContract<MinerDatabase, MinerDatabaseRepository>(
      {
        name: 'miner databases',
        build: buildMinerDatabase,
        put: async (repository, minerDatabase, call) => repository.put({ minerDatabase }, call),
        find: async (repository, key, call) => repository.find(key, call),
        get: async (repository, key) => repository.get(key),
        kept: [
          ...minerDatabaseStatuses.map((status) => [`when it is ${status}`, { status }] as const),
          ...nastyInstants.map((at) => [at.toISOString(), { createdAt: at, lastUsedAt: at }] as const),
          [
            'of the longest name',
            {
              databaseName: minerDatabaseNameSchema.parse(`a${'b'.repeat(31)}_analytics_${'Z9'.repeat(32)}`),
            },
          ],
        ],
        refused: [
          ['a hotkey with a space', { hotkey: 'a b' }],
          ['a use at no time', { lastUsedAt: new Date(Number.NaN) }],
        ],
        change: { status: 'archived', lastUsedAt: later },
        siblings: [
          ['type', { imageType: 'ml' }],
          ['hotkey', { hotkey: newHotkey() }],
        ],
        nonsense: (repository, { imageType }) => [
          async () => repository.find({ hotkey: '`', imageType }),
          async () => repository.list({ limit: 1.5 }),
          async () => repository.list({ limit: 1, cursor: '' }),
        ],
      },
      () => store,
    )

    it('lists what was used last first, then by name, with any page size', async () => {
      const at = new Date('2031-01-01T00:00:00.000Z')
      const after = new Date(at.getTime() + 1)
      const expected = [
        buildMinerDatabase({ lastUsedAt: after, status: 'deleted' }),
        ...Array.from({ length: 4 }, () => buildMinerDatabase({ lastUsedAt: at, status: 'archived' })),
      ]
      for (const minerDatabase of expected.toReversed()) await databases.put({ minerDatabase })
      const names = new Set(expected.map(({ databaseName }) => databaseName))
      const read = async (
        wanted: Partial<Pick<MinerDatabase, 'status'>>,
        limit: number,
      ): Promise<readonly MinerDatabase[]> =>
        (await readPages(async (page) => databases.list({ ...wanted, ...page }), limit)).filter(
          ({ databaseName }) => names.has(databaseName),
        )
      for (const limit of [2, 10_000]) expect(await read({}, limit)).toStrictEqual(expected)
      expect(await read({ status: 'deleted' }, 1)).toStrictEqual(expected.slice(0, 1))
      expect(await read({ status: 'archived' }, 3)).toStrictEqual(expected.slice(1))
      expect(await read({ status: 'active' }, 3)).toStrictEqual([])
    })

    it('notes a use, and a status where one is given', async () => {
      const minerDatabase = buildMinerDatabase()
      const { hotkey, imageType } = minerDatabase
      await databases.put({ minerDatabase })
      const used = await databases.touch({ hotkey, imageType, now: later })
      expect(used).toStrictEqual({ ...minerDatabase, lastUsedAt: later })
      expect(await databases.find(minerDatabase)).toStrictEqual(used)
      const now = new Date(later.getTime() + 1)
      expect(await databases.touch({ hotkey, imageType, status: 'deleted', now })).toStrictEqual({
        ...minerDatabase,
        status: 'deleted',
        lastUsedAt: now,
      })
      expect((await databases.get(minerDatabase)).status).toBe('deleted')
      await expectInvalid(databases.touch({ hotkey, imageType, now: new Date(Number.NaN) }))
    })

    it('refuses to note the use of a database that is not known', async () => {
      const { hotkey, imageType } = buildMinerDatabase()
      await expect(databases.touch({ hotkey, imageType, now: later })).rejects.toMatchObject({
        code: 'not_found',
      })
      expect(await databases.find({ hotkey, imageType })).toBeNull()
    })
  })
}
