import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import {
  connectDynamo,
  listTables,
  startEmbeddedDynamo,
  type EmbeddedDynamo,
} from '@subnetkit/storage-dynamo'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'

import { callValidator } from './fixtures/call-validator.ts'
import type { Ran } from './validator-under-test.ts'

let dataDir = ''
let engine: EmbeddedDynamo
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'validator-db-'))
  engine = await startEmbeddedDynamo({ folder: dataDir, lingerMs: 0 })
})
afterAll(async () => {
  await engine.close()
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

const run = async (argv: readonly string[], environment: Record<string, string> = {}): Promise<Ran> =>
  await callValidator(dataDir, argv, environment)
const json = ({ stdout }: Ran): unknown => JSON.parse(stdout)
const tablesOf = (ran: Ran): readonly string[] =>
  z
    .object({ tables: z.array(z.object({ name: z.string() })) })
    .parse(json(ran))
    .tables.map(({ name }) => name)

it('db init makes the tables, init does the same, db list shows them', async () => {
  const prefix = { DYNAMODB_TABLE_PREFIX: 'listed' }
  expect(await run(['db', 'list'], prefix)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('validator db init'),
  })
  const made = await run(['db', 'init', '--json'], prefix)
  expect(made.code).toBe(0)
  expect(tablesOf(made)).toContain('listed_task_queue')
  expect((await run(['init'], prefix)).stdout).toMatch(/listed_task_queue.*unchanged/)
  const listed = await run(['db', 'list', '--json'], prefix)
  expect(tablesOf(listed).toSorted()).toEqual(tablesOf(made).toSorted())
})

it('db reset destroys the tables of the typed prefix and no others', async () => {
  const dev = { DYNAMODB_TABLE_PREFIX: 'affine_dev' }
  const live = { DYNAMODB_TABLE_PREFIX: 'affine' }
  await Promise.all([run(['db', 'init'], dev), run(['db', 'init'], live)])
  for (const environment of [dev, live]) {
    const set = await run(['config', 'set', 'kept.key', 'yes'], environment)
    expect(set.code).toBe(0)
  }
  const listed = json(await run(['db', 'list', '--json'], live))
  expect(listed).toMatchObject({
    tables: expect.arrayContaining([
      { name: 'affine_system_config', isOurs: true },
      { name: 'affine_dev_system_config', isOurs: false },
    ]),
  })
  for (const args of [['--confirm', 'affine_dev'], ['--confirm', 'affine_'], ['--confirm', ''], []]) {
    const refused = await run(['db', 'reset', ...args], live)
    expect(refused.code).toBe(2)
    expect(refused.stderr).toMatch(
      /--confirm.*give --confirm affine to destroy \d+ tables.*affine_system_config/,
    )
    expect(refused.stderr).not.toContain('affine_dev_')
  }
  expect((await run(['config', 'get', 'kept.key'], live)).code).toBe(0)

  const reset = await run(['db', 'reset', '--confirm', 'affine', '--json'], live)
  expect(reset.code).toBe(0)
  expect(json(reset)).toMatchObject({ destroyed: expect.arrayContaining(['affine_system_config']) })
  expect(await run(['config', 'get', 'kept.key'], live)).toMatchObject({ code: 1 })
  expect((await run(['config', 'get', 'kept.key'], dev)).code).toBe(0)
})

it('db sweep removes what has expired and says how much', async () => {
  const environment = { DYNAMODB_TABLE_PREFIX: 'swept' }
  await run(['db', 'init'], environment)
  const connection = connectDynamo({ endpoint: engine.endpoint, tablePrefix: 'swept' })
  const longAgo = Math.floor(Date.now() / 1000) - 3_600
  try {
    for (let item = 0; item < 7; item += 1) {
      const ttl = item < 5 ? longAgo : longAgo + 7_200
      await connection.documents.put({ TableName: 'swept_request_nonces', Item: { pk: `n${item}`, ttl } })
    }
  } finally {
    await connection.close()
  }
  const swept = await run(['db', 'sweep', '--json'], environment)
  expect(swept.code).toBe(0)
  expect(json(swept)).toMatchObject({
    tables: expect.arrayContaining([{ name: 'swept_request_nonces', removed: 5 }]),
    environments: [],
  })
  const again = json(await run(['db', 'sweep', '--json'], environment))
  expect(again).toMatchObject({
    tables: expect.arrayContaining([{ name: 'swept_request_nonces', removed: 0 }]),
  })
})

it('a wrong prefix is told with the way out', async () => {
  for (const command of [
    ['db', 'sweep'],
    ['db', 'status'],
    ['db', 'check'],
  ]) {
    const ran = await run(command, {
      DYNAMODB_TABLE_PREFIX: 'never_made',
      DYNAMODB_ENDPOINT: engine.endpoint,
    })
    expect(ran.code).toBe(1)
    expect(`${ran.stdout}${ran.stderr}`).toContain('validator db init')
  }
  const connection = connectDynamo({ endpoint: engine.endpoint, tablePrefix: 'never_made' })
  try {
    expect(await listTables({ connection, tables: [] })).toEqual({ known: [], unknown: [] })
  } finally {
    await connection.close()
  }
})

it('db check proves every kind of item, and fails by name when a table is gone', async () => {
  const environment = { DYNAMODB_TABLE_PREFIX: 'checked' }
  await run(['db', 'init'], environment)
  const good = await run(['db', 'check', '--json'], environment)
  expect(good.code).toBe(0)
  expect(json(good)).toMatchObject({ isOk: true })
  expect(json(await run(['db', 'status', '--count', '--json'], environment))).toMatchObject({
    isReady: true,
    tables: expect.arrayContaining([
      expect.objectContaining({ name: 'checked_sample_results', state: 'ready', items: 0, expiry: 'none' }),
    ]),
  })

  const connection = connectDynamo({ endpoint: engine.endpoint, tablePrefix: 'checked' })
  try {
    await connection.tables.deleteTable({ TableName: 'checked_scores' })
    for (let exists = true; exists;) {
      exists = (await listTables({ connection, tables: [] })).unknown.includes('checked_scores')
    }
  } finally {
    await connection.close()
  }
  const bad = await run(['db', 'check', '--json'], environment)
  expect(bad.code).toBe(1)
  const { checks } = z
    .object({ checks: z.array(z.object({ table: z.string(), isOk: z.boolean() })) })
    .parse(json(bad))
  const failed = checks.filter(({ isOk }) => !isOk).map(({ table }) => table)
  expect(new Set(failed)).toEqual(new Set(['checked_scores']))
  expect(checks.length).toBeGreaterThan(failed.length)
  const status = await run(['db', 'status'], environment)
  expect(status.code).toBe(1)
  expect(status.stdout).toMatch(/checked_scores.*missing[^]*validator db init/)
})

it('has examples in the help of every command', async () => {
  for (const command of ['init', 'list', 'status', 'check', 'sweep', 'reset']) {
    const help = await run(['db', command, '--help'])
    expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('Examples:') })
  }
})
