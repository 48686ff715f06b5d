import {
  connectDynamo,
  listTables,
  startEmbeddedDynamo,
  type EmbeddedDynamo,
} from '@subnetkit/storage-dynamo'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'

import { startValidatorUnderTest, type Ran, type ValidatorUnderTest } from './validator-under-test.ts'

let validator: ValidatorUnderTest
let engine: EmbeddedDynamo
beforeAll(async () => {
  validator = await startValidatorUnderTest()
  engine = await startEmbeddedDynamo({ folder: validator.dataDir })
})
afterAll(async () => {
  await engine.close()
  await validator[Symbol.asyncDispose]()
})

const json = ({ stdout }: Ran): unknown => JSON.parse(stdout)
const tablesOf = (ran: Ran): readonly string[] =>
  z
    .object({ tables: z.array(z.object({ name: z.string() })) })
    .parse(json(ran))
    .tables.map(({ name }) => name)

it('db init makes the tables, init does the same, db list shows them', async () => {
  const prefix = { DYNAMODB_TABLE_PREFIX: 'listed' }
  expect(await validator.run(['db', 'list'], prefix)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('validator db init'),
  })
  const made = await validator.run(['db', 'init', '--json'], prefix)
  expect(made.code).toBe(0)
  expect(tablesOf(made)).toContain('listed_task_queue')
  expect((await validator.run(['init'], prefix)).stdout).toMatch(/listed_task_queue.*unchanged/)
  const listed = await validator.run(['db', 'list', '--json'], prefix)
  expect(tablesOf(listed).toSorted()).toEqual(tablesOf(made).toSorted())
})

it('db reset destroys the tables of the typed prefix and no others', async () => {
  const dev = { DYNAMODB_TABLE_PREFIX: 'affine_dev' }
  const live = { DYNAMODB_TABLE_PREFIX: 'affine' }
  await Promise.all([validator.run(['db', 'init'], dev), validator.run(['db', 'init'], live)])
  for (const environment of [dev, live]) {
    const set = await validator.run(['config', 'set', 'kept.key', 'yes'], environment)
    expect(set.code).toBe(0)
  }
  const listed = json(await validator.run(['db', 'list', '--json'], live))
  expect(listed).toMatchObject({
    tables: expect.arrayContaining([
      { name: 'affine_system_config', isOurs: true },
      { name: 'affine_dev_system_config', isOurs: false },
    ]),
  })
  for (const args of [['--confirm', 'affine_dev'], ['--confirm', 'affine_'], ['--confirm', ''], []]) {
    const refused = await validator.run(['db', 'reset', ...args], live)
    expect(refused.code).toBe(2)
    expect(refused.stderr).toMatch(
      /--confirm.*give --confirm affine to destroy \d+ tables.*affine_system_config/,
    )
    expect(refused.stderr).not.toContain('affine_dev_')
  }
  expect((await validator.run(['config', 'get', 'kept.key'], live)).code).toBe(0)

  const reset = await validator.run(['db', 'reset', '--confirm', 'affine', '--json'], live)
  expect(reset.code).toBe(0)
  expect(json(reset)).toMatchObject({ destroyed: expect.arrayContaining(['affine_system_config']) })
  expect(await validator.run(['config', 'get', 'kept.key'], live)).toMatchObject({ code: 1 })
  expect((await validator.run(['config', 'get', 'kept.key'], dev)).code).toBe(0)
})

it('db sweep removes what has expired and says how much', async () => {
  const environment = { DYNAMODB_TABLE_PREFIX: 'swept' }
  await validator.run(['db', 'init'], environment)
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
  const swept = await validator.run(['db', 'sweep', '--json'], environment)
  expect(swept.code).toBe(0)
  expect(json(swept)).toMatchObject({
    tables: expect.arrayContaining([{ name: 'swept_request_nonces', removed: 5 }]),
    environments: [],
  })
  const again = json(await validator.run(['db', 'sweep', '--json'], environment))
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
    const ran = await validator.run(command, {
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
  await validator.run(['db', 'init'], environment)
  const good = await validator.run(['db', 'check', '--json'], environment)
  expect(good.code).toBe(0)
  expect(json(good)).toMatchObject({ isOk: true })
  expect(json(await validator.run(['db', 'status', '--count', '--json'], environment))).toMatchObject({
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
  const bad = await validator.run(['db', 'check', '--json'], environment)
  expect(bad.code).toBe(1)
  const { checks } = z
    .object({ checks: z.array(z.object({ table: z.string(), isOk: z.boolean() })) })
    .parse(json(bad))
  const failed = checks.filter(({ isOk }) => !isOk).map(({ table }) => table)
  expect(new Set(failed)).toEqual(new Set(['checked_scores']))
  expect(checks.length).toBeGreaterThan(failed.length)
  const status = await validator.run(['db', 'status'], environment)
  expect(status.code).toBe(1)
  expect(status.stdout).toMatch(/checked_scores.*missing[^]*validator db init/)
})

it('has examples in the help of every command', async () => {
  for (const command of ['init', 'list', 'status', 'check', 'sweep', 'reset']) {
    const help = await validator.run(['db', command, '--help'])
    expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('Examples:') })
  }
})
