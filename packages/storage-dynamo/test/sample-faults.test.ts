import { createHash } from 'node:crypto'

import {
  isStorageError,
  StorageError,
  type Conversation,
  type PutSampleParams,
  type SampleRepository,
} from '@subnetkit/core'
import { buildConversation, buildPutSample, sampleKeyOf, sampleScopeOf } from '@subnetkit/core/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'

import {
  createDynamoRepositories,
  DynamoSampleRepository,
  type DocumentCalls,
  type DynamoConnection,
} from '../src/index.ts'
import { describeOnEachEngineInSoak } from './engine.ts'
import { openConnection, type TestConnection } from './open-connection.ts'
import { sampleTables } from './sample-tables.ts'

const all = { fromGeneration: 0, toGeneration: 999_999 } as const
const isSoak = process.env['SUBNETKIT_SOAK'] === '1'

/** What befalls a request: it passes, it is refused, or it goes through and its answer is lost. */
type Fate = 'pass' | 'refuse' | 'lose'

/** A connection whose requests meet the fate that `fateOf` says of their number and operation. */
function fated(
  connection: DynamoConnection,
  fateOf: (turn: number, operation: keyof DocumentCalls) => Fate,
): DynamoConnection {
  let turn = 0
  const wrap =
    <Input, Options, Output>(
      operation: keyof DocumentCalls,
      run: (input: Input, options?: Options) => Promise<Output>,
    ) =>
    async (input: Input, options?: Options): Promise<Output> => {
      const fate = fateOf((turn += 1), operation)
      if (fate === 'refuse') throw new StorageError({ code: 'throttled', message: 'slow down' })
      const output = await run(input, options)
      if (fate === 'lose') throw new StorageError({ code: 'timeout', message: 'the answer was lost' })
      return output
    }
  const { documents } = connection
  return {
    ...connection,
    documents: {
      get: wrap('get', documents.get),
      put: wrap('put', documents.put),
      update: wrap('update', documents.update),
      delete: wrap('delete', documents.delete),
      query: wrap('query', documents.query),
      scan: wrap('scan', documents.scan),
      batchGet: wrap('batchGet', documents.batchGet),
      batchWrite: wrap('batchWrite', documents.batchWrite),
    },
  }
}

/** Half of all requests fail, half of those after they went through; the same ones in each run. */
const halfFails = (turn: number): Fate => {
  const byte = createHash('sha256').update(`${turn}`).digest()[0] ?? 0
  if (byte % 2 === 0) return 'pass'
  return byte % 4 === 1 ? 'refuse' : 'lose'
}

/** Half of each batch comes back unprocessed. */
function handingBack(connection: DynamoConnection): DynamoConnection {
  const { documents } = connection
  return {
    ...connection,
    documents: {
      ...documents,
      batchWrite: async (input, options) => {
        const [name, requests = []] = Object.entries(input.RequestItems ?? {})[0] ?? ['']
        const kept = Math.ceil(requests.length / 2)
        const output = await documents.batchWrite(
          { RequestItems: { [name]: requests.slice(0, kept) } },
          options,
        )
        return {
          ...output,
          UnprocessedItems: kept === requests.length ? {} : { [name]: requests.slice(kept) },
        }
      },
    },
  }
}

/** As a caller does: again while it may help. */
async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (attempt === 200 || !isStorageError(error) || !error.retryable) throw error
    }
  }
}

describeOnEachEngineInSoak('samples, on a bad day', (engine) => {
  let opened: TestConnection
  let connection: DynamoConnection
  let samples: SampleRepository
  let miners = 0
  const samplesOver = (over: DynamoConnection): SampleRepository => createDynamoRepositories(over).samples
  const putsOf = (count: number, apart = 50): readonly PutSampleParams[] => {
    const minerHotkey = `unlucky${(miners += 1)}`
    return Array.from({ length: count }, (_, index) => buildPutSample({ minerHotkey, taskId: index * apart }))
  }

  beforeAll(async () => {
    opened = await openConnection(engine, sampleTables)
    connection = opened.connection
    samples = samplesOver(connection)
  })
  afterAll(async () => {
    await opened.close()
  })

  /** Exactly these are stored, each with its conversation and its mark. */
  async function expectExactly(
    stored: readonly PutSampleParams[],
    of: readonly PutSampleParams[],
  ): Promise<void> {
    const scope = sampleScopeOf(of[0]?.sample ?? { minerHotkey: 'x', modelRevision: 'x', environment: 'x' })
    const { items } = await samples.list({ scope, ...all, limit: 1000 })
    expect(items.map(({ taskId }) => taskId)).toStrictEqual(stored.map(({ sample }) => sample.taskId))
    expect(await samples.listPresentTaskIds({ scope, ...all })).toStrictEqual(
      items.map(({ taskId }) => taskId),
    )
    const conversations = await Promise.all(items.map((key) => samples.findConversation({ key })))
    expect(conversations).toStrictEqual(stored.map(({ conversation }) => conversation))
  }

  it('lose and double nothing when half of all requests fail, and callers insist', async () => {
    const unlucky = samplesOver(fated(connection, halfFails))
    const puts = putsOf(12)
    for (const put of puts) {
      const { sample } = await insist(() => unlucky.put(put))
      expect(sample).toMatchObject(put.sample)
    }
    await expectExactly(puts, puts)
    // A call needs all of its requests to pass at once: few of them here, as its caller has no other help.
    const more = putsOf(24, 5)
    await insist(() => unlucky.putBatch({ samples: more }))
    await expectExactly(more, more)
    const doomed = more.slice(0, 4).map(({ sample }) => sampleKeyOf(sample))
    for (const key of doomed) await insist(() => unlucky.remove({ keys: [key] }))
    await expectExactly(more.slice(4), more)
  })

  it('pass a throttling on as such, and have stored nothing half', async () => {
    for (const turn of [1, 2, 3]) {
      const puts = putsOf(1)
      const throttled = samplesOver(fated(connection, (number) => (number === turn ? 'refuse' : 'pass')))
      for (const put of puts) {
        await expect(throttled.put(put)).rejects.toMatchObject({ code: 'throttled', retryable: true })
        await throttled.put(put)
      }
      await expectExactly(puts, puts)
    }
  })

  it('resend what comes back from batches', async () => {
    const puts = putsOf(60)
    const outcome = await samplesOver(handingBack(connection)).putBatch({ samples: puts })
    expect(outcome).toStrictEqual({ stored: 60, present: 0 })
    await expectExactly(puts, puts)
  })

  it('know their own sample again when the client sends a put twice', async () => {
    const puts = putsOf(4)
    const { documents } = connection
    const twice: DynamoConnection = {
      ...connection,
      documents: {
        ...documents,
        put: async (input, options) => {
          await documents.put(input, options)
          return documents.put(input, options)
        },
      },
    }
    for (const put of puts) {
      const { sample } = await samplesOver(twice).put(put)
      expect(sample).toMatchObject(put.sample)
    }
    await expectExactly(puts, puts)
  })

  it('say what to do when the tables are not there', async () => {
    const [put] = putsOf(1)
    if (put === undefined) return expect.unreachable()
    const lost = samplesOver({ ...connection, tablePrefix: `${connection.tablePrefix}x` })
    const missing = { code: 'missing_schema', message: expect.stringContaining('init') }
    await expect(lost.put(put)).rejects.toMatchObject(missing)
    return expect(lost.find({ key: put.sample })).rejects.toMatchObject(missing)
  })

  it('refuse a conversation beyond the limit, and store nothing', async () => {
    const [put] = putsOf(1)
    if (put === undefined) return expect.unreachable()
    const strict = new DynamoSampleRepository(connection, { maxConversationBytes: 1000 })
    const long = { ...put, conversation: buildConversation('x'.repeat(1000)) }
    await expect(strict.put(long)).rejects.toMatchObject({ code: 'invalid_input' })
    await expect(strict.putBatch({ samples: [long] })).rejects.toMatchObject({ code: 'invalid_input' })
    return expectExactly([], [put])
  })

  const megabytes = isSoak ? 50 : 2
  it(`keep a conversation of ${megabytes} MB that does not compress`, async () => {
    const [put] = putsOf(1)
    if (put === undefined) return expect.unreachable()
    const noise = createHash('shake256', { outputLength: megabytes * 524_288 })
      .update('noise')
      .digest('hex')
    const conversation: Conversation = buildConversation(noise)
    const large = { ...put, conversation }
    expect((await samples.put(large)).outcome).toBe('stored')
    expect((await samples.put(large)).outcome).toBe('present')
    await expectExactly([large], [large])
    expect(await samples.remove({ keys: [put.sample] })).toStrictEqual({ removed: 1 })
    return expectExactly([], [large])
  })
})
