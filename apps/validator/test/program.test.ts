import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { callValidator } from './fixtures/call-validator.ts'
import { startValidatorUnderTest, type Ran, type ValidatorUnderTest } from './validator-under-test.ts'

let validator: ValidatorUnderTest
let dataDir = ''

beforeAll(async () => {
  validator = await startValidatorUnderTest()
  dataDir = validator.dataDir
})
afterAll(async () => {
  await validator[Symbol.asyncDispose]()
})

/** As its users run it: a process of its own. */
const start: ValidatorUnderTest['run'] = (args, environment) => validator.run(args, environment)
/** The same program in this process, which is quicker. */
const run: ValidatorUnderTest['run'] = (args, environment) => callValidator(dataDir, args, environment)

const json = ({ stdout }: Ran): unknown => JSON.parse(stdout)

describe('validator', () => {
  it('makes the tables once and says where they are', async () => {
    const environment = { DYNAMODB_TABLE_PREFIX: 'init_test' }
    const first = await start(['init', '--json', '--quiet'], environment)
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(json(first)).toMatchObject({
      store: `embedded DynamoDB in ${dataDir}, tables init_test_*`,
      tables: expect.arrayContaining([
        expect.objectContaining({ name: 'init_test_system_config', action: 'created', expiry: 'none' }),
      ]),
    })
    const again = await start(['init'], environment)
    expect(again).toMatchObject({ code: 0 })
    expect(again.stdout).toMatch(/init_test_system_config.*unchanged/)
  })

  it('sets, gets, lists and keeps the history', async () => {
    const key = 'sampling.batch_size'
    const set = await start(['config', 'set', key, '9223372036854775807', '--type', 'integer', '--json'])
    expect(set).toMatchObject({ code: 0, stderr: '' })
    expect(json(set)).toMatchObject({
      key,
      type: 'integer',
      value: '9223372036854775807',
      version: 1,
      updatedBy: 'alice',
    })

    const next = await run([
      'config',
      'set',
      key,
      '-5',
      '--type',
      'integer',
      '--expect-version',
      '1',
      '--by',
      'bob',
    ])
    expect(next).toMatchObject({ code: 0, stderr: '' })
    const get = await run(['config', 'get', key])
    expect(get.stdout).toMatch(/sampling\.batch_size.*integer.*-5.*2.*bob/)

    const history = json(await run(['config', 'history', key, '--limit', '1', '--json']))
    expect(history).toMatchObject({ items: [{ version: 2, value: '-5' }], nextCursor: expect.any(String) })
    const list = json(await run(['config', 'list', '--json']))
    expect(list).toMatchObject({ items: [{ key, version: 2 }], nextCursor: null })
  })

  it('says the current version and the way out on a conflict', async () => {
    const key = 'conflict.key'
    await run(['config', 'set', key, 'one'])
    const lost = await run(['config', 'set', key, 'two', '--expect-version', '0', '--json'])
    expect(lost.code).toBe(1)
    expect(json(lost)).toMatchObject({ error: { code: 'conflict' } })
    expect(lost.stderr).toMatch(/is at version 1, not at the expected version 0; .*--expect-version 1/)
  })

  it('fails for a key or a command that does not exist', async () => {
    for (const command of ['get', 'history']) {
      const ran = await run(['config', command, 'no.such.key', '--json'])
      expect(ran.code).toBe(1)
      expect(json(ran)).toMatchObject({ error: { code: 'not_found' } })
    }
    expect(await start(['confg'])).toMatchObject({ code: 2, stdout: '' })
  })

  it.each([
    [['config', 'set', 'a.b', 'x', '--type', 'float'], /--type.*float/],
    [['config', 'set', 'a.b', '1.5', '--type', 'integer'], /<value>: "1\.5" is not an integer/],
    [['config', 'set', 'A B', '1'], /<key>.*dotted lower-case words/],
    [['config', 'set', 'a.b', '1', '--expect-version', '-1'], /--expect-version/],
    [['config', 'history', 'a.b', '--limit', '0'], /--limit/],
    [['config', 'get'], /missing required argument 'key'/],
    [['confg'], /unknown command/],
  ])('refuses %j with exit code 2', async (args, message) => {
    const ran = await run(args)
    expect(ran).toMatchObject({ code: 2, stdout: '' })
    expect(ran.stderr).toMatch(message)
  })

  it('names the variable that is wrong', async () => {
    for (const [name, value] of [
      ['DYNAMODB_ENDPOINT', 'nowhere'],
      ['LOG_LEVEL', 'loud'],
    ] as const) {
      const ran = await start(['config', 'list'], { [name]: value })
      expect(ran.code).toBe(2)
      expect(ran.stderr).toContain(name)
    }
  })

  it('says what is missing on a server without tables, and that one cannot be reached', async () => {
    const bare = await run(['config', 'list'], {
      DYNAMODB_ENDPOINT: validator.endpoint,
      DYNAMODB_TABLE_PREFIX: 'never_made',
    })
    expect(bare.code).toBe(1)
    expect(bare.stderr).toMatch(/init command creates the tables/)
    const dead = await run(['config', 'list'], { DYNAMODB_ENDPOINT: 'http://127.0.0.1:9' })
    expect(dead.code).toBe(1)
    expect(dead.stderr).toMatch(/is the endpoint right/)
  })

  it('does not use AWS unless it is asked to, and says so', async () => {
    const ran = await run(['config', 'list', '--json'], { AWS_REGION: 'eu-central-1' })
    expect(ran.code).toBe(0)
    expect(ran.stderr).toMatch(/set DYNAMODB_ENDPOINT=aws/)
    expect((await run(['config', 'list'], { DYNAMODB_ENDPOINT: 'aws' })).stderr).toMatch(
      /AWS_REGION: is not set/,
    )
  })

  it('has examples in the help of every command', async () => {
    const commands = [
      ['init'],
      ['config'],
      ['config', 'get'],
      ['config', 'set'],
      ['config', 'history'],
      ['config', 'list'],
    ]
    const helps = await Promise.all(commands.map((command) => run([...command, '--help'])))
    for (const help of helps)
      expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('Examples:') })
  })
})
