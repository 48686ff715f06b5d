import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll } from 'vitest'

import { connectTurns, type Turns } from '../src/connect-turns.ts'
import { createDynamoProbeTurnRepository } from '../src/dynamo-probe-turn-repository.ts'
import { probeTurnRepositoryContract } from './probe-turn-repository-contract.ts'

/** The real engine, embedded; each test has tables of its own. */
let dataFolder = ''
const open: Turns[] = []

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'probe-turns-'))
})

afterAll(async () => {
  for (const turns of open) await turns[Symbol.asyncDispose]()
  await rm(dataFolder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 })
})

probeTurnRepositoryContract(async () => {
  const turns = await connectTurns({ env: { DYNAMODB_TABLE_PREFIX: `t${randomUUID()}` }, dataFolder })
  open.push(turns)
  return createDynamoProbeTurnRepository(turns.connection)
})
