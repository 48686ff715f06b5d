import { buildPutSample, sampleScopeOf } from '@subnetkit/core/contracts'
import { expect, it } from 'vitest'

import { allTables, createDynamoRepositories, itemSize, type DynamoConnection } from '../src/index.ts'
import { engines } from '../test/engine.ts'
import { openConnection } from '../test/open-connection.ts'

/** Adds up what queries give. */
function weighing(connection: DynamoConnection): {
  connection: DynamoConnection
  read: { requests: number; items: number; bytes: number }
} {
  const read = { requests: 0, items: 0, bytes: 0 }
  const { documents } = connection
  return {
    read,
    connection: {
      ...connection,
      documents: {
        ...documents,
        query: async (input, options) => {
          const output = await documents.query(input, options)
          read.requests += 1
          for (const item of output.Items ?? []) {
            read.items += 1
            read.bytes += itemSize(item)
          }
          return output
        },
      },
    },
  }
}

it.each([
  ['0 to 999', 0, 1],
  ['1,000,000 to 1,000,999', 1_000_000, 1],
  ['every 7th of 7,000', 0, 7],
  ['every 1,000th of a million', 0, 1000],
])('1,000 present ids, %s', async (name, first, apart) => {
  const [engine] = engines
  if (engine === undefined) return expect.unreachable()
  await using opened = await openConnection(engine, allTables)
  const puts = Array.from({ length: 1000 }, (_, index) =>
    buildPutSample({ minerHotkey: 'm', taskId: first + index * apart }),
  )
  const { connection, read } = weighing(opened.connection)
  const { samples } = createDynamoRepositories(connection)
  await samples.putBatch({ samples: puts })
  const scope = sampleScopeOf(puts[0]?.sample ?? { minerHotkey: 'm', modelRevision: 'r', environment: 'e' })
  const range = { scope, fromGeneration: 1, toGeneration: 1 }
  Object.assign(read, { requests: 0, items: 0, bytes: 0 })
  expect(await samples.listPresentTaskIds(range)).toHaveLength(1000)
  const marks = { ...read }
  Object.assign(read, { requests: 0, items: 0, bytes: 0 })
  for await (const _sample of samples.stream(range)) void _sample
  process.stdout.write(
    `\n1,000 ids, ${name}: ${marks.items} items, ${marks.bytes} bytes in ${marks.requests} request(s); the samples are ${read.items} items, ${read.bytes} bytes in ${read.requests}\n`,
  )
})
