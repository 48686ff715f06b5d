import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { DynamoDB } from '@aws-sdk/client-dynamodb'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { spawnTypeScript, untilGone, type TestProgram } from '../../core/test/spawn-typescript.ts'
import { startEmbeddedDynamo, type EmbeddedDynamo } from '../src/embedded/start-embedded-dynamo.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const userProgram = new URL('embedded-user.ts', import.meta.url)
let root: string
let seen: Set<number>

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'subnetkit-embedded-test-'))
  seen = new Set()
})
afterEach(async () => {
  for (const pid of seen) await untilGone(pid, 20_000)
  await rm(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

/** Starts or joins, with no linger, and remembers the engine so that the test ends only after it. */
async function start(folder = root): Promise<EmbeddedDynamo> {
  const engine = await startEmbeddedDynamo({ folder, lingerMs: 0 })
  seen.add(engine.pid)
  return engine
}

async function userOf(program: TestProgram): Promise<{ pid: number; endpoint: string }> {
  const [pid = '', endpoint = ''] = (await program.line()).split(' ')
  seen.add(Number(pid))
  return { pid: Number(pid), endpoint }
}

function connect(endpoint: string): DynamoDB {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  return new DynamoDB({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })
}

async function createAgents(client: DynamoDB): Promise<void> {
  await client.createTable({
    TableName: 'agents',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'hotkey', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'hotkey', AttributeType: 'S' }],
  })
  while ((await client.describeTable({ TableName: 'agents' })).Table?.TableStatus !== 'ACTIVE')
    await sleep(10)
}

/** Puts item after item; notes each that was acknowledged, and returns what ended it. */
async function putUntilFailure(client: DynamoDB, acknowledged: Set<string>): Promise<unknown> {
  for (;;) {
    const hotkey = `5F${acknowledged.size}`
    try {
      await client.putItem({ TableName: 'agents', Item: { hotkey: { S: hotkey } } })
    } catch (error) {
      return error
    }
    acknowledged.add(hotkey)
  }
}

it('is shared with another process, survives its starter’s kill, and ends after the last user', async () => {
  const program = spawnTypeScript(userProgram, root)
  const other = await userOf(program)
  const engine = await start()
  expect(engine).toMatchObject(other)
  await program.kill()
  const client = connect(engine.endpoint)
  expect((await client.listTables({})).TableNames).toEqual([])
  client.destroy()
  expect(engine.lost.aborted).toBe(false)
  await engine.close()
  expect(await untilGone(engine.pid, 20_000)).toBeGreaterThan(0)
})

it('answers nobody who does not know the endpoint', async () => {
  await using engine = await start()
  const { origin, hostname } = new URL(engine.endpoint)
  expect(hostname).toBe('127.0.0.1')
  const client = connect(origin)
  await expect(client.listTables({})).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } })
  client.destroy()
})

it('goes on when a client is killed in the middle of a request', async () => {
  await using engine = await start()
  const half = request(engine.endpoint, { method: 'POST', headers: { 'content-length': 1_000 } })
  half.on('error', () => undefined)
  half.write('{"Tab')
  await sleep(100)
  half.destroy()
  await sleep(200)
  const client = connect(engine.endpoint)
  expect((await client.listTables({})).TableNames).toEqual([])
  expect(engine.lost.aborted).toBe(false)
  client.destroy()
})

it('has every acknowledged item after kills of the engine', { timeout: 120_000 }, async () => {
  const rounds = isSoak ? 20 : 3
  const acknowledged = new Set<string>()
  for (let round = 0; round < rounds; round += 1) {
    const engine = await start()
    const client = connect(engine.endpoint)
    if (round === 0) await createAgents(client)
    const before = acknowledged.size
    setTimeout(() => process.kill(engine.pid, 'SIGKILL'), 150 + ((round * 97) % 300))
    const lost = once(engine.lost, 'abort')
    const failure = await putUntilFailure(client, acknowledged)
    expect(failure).toMatchObject({ code: expect.stringMatching(/ECONNRE|EPIPE/) })
    await lost
    client.destroy()
    expect(acknowledged.size).toBeGreaterThan(before)
  }
  await using engine = await start()
  const client = connect(engine.endpoint)
  const missing: string[] = []
  for (const hotkey of acknowledged) {
    const { Item: item } = await client.getItem({ TableName: 'agents', Key: { hotkey: { S: hotkey } } })
    if (item === undefined) missing.push(hotkey)
  }
  expect(missing).toEqual([])
  client.destroy()
})

it('is one engine for processes that start at the same moment', { timeout: 120_000 }, async () => {
  const programs = Array.from({ length: isSoak ? 16 : 4 }, () => spawnTypeScript(userProgram, root))
  const users = await Promise.all(programs.map((program) => userOf(program)))
  expect(new Set(users.map(({ endpoint }) => endpoint)).size).toBe(1)
  await Promise.all(programs.map((program) => program.kill()))
  await untilGone(users[0]?.pid ?? 0, 20_000)
})

it('gives each folder an engine of its own', async () => {
  await using one = await start(join(root, 'one'))
  await using two = await start(join(root, 'two'))
  expect(one.pid).not.toBe(two.pid)
  const [first, second] = [connect(one.endpoint), connect(two.endpoint)]
  await createAgents(first)
  expect((await second.listTables({})).TableNames).toEqual([])
  first.destroy()
  second.destroy()
})

it('starts over a corrupt ready file', async () => {
  await mkdir(join(root, 'dynamo'), { recursive: true })
  await writeFile(join(root, 'dynamo', 'dynamo.ready.json'), '{"protocol":1,')
  await using engine = await start()
  expect(engine.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{48}$/)
})

it('names a store that another program has open', async () => {
  const folder = join(root, 'dynamo')
  const level = createRequire(createRequire(import.meta.url).resolve('dynalite')).resolve('level')
  const hold = `const { Level } = require(${JSON.stringify(level)})
    new Level(${JSON.stringify(join(folder, 'data'))}).open().then(() => console.log('open'))
    process.stdin.resume()`
  await mkdir(folder, { recursive: true })
  const holder = spawn(process.execPath, ['-e', hold], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(holder.stdout, 'data')
  await expect(start()).rejects.toMatchObject({
    code: 'locked',
    message: expect.stringContaining(`${folder}: another program has this store open`),
  })
  holder.kill('SIGKILL')
  await once(holder, 'exit')
})

it('says what to install when dynalite is missing', async () => {
  const resolveModule = (): string => {
    throw new Error('not found')
  }
  await expect(startEmbeddedDynamo({ folder: root, resolveModule })).rejects.toMatchObject({
    code: 'unavailable',
    retryable: false,
    message: expect.stringMatching(
      /needs the package dynalite.*npm install dynalite, or set DYNAMODB_ENDPOINT/,
    ),
  })
})
