import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

import type { ConfigValue } from '@subnetkit/core'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { ALLOWED_EXECUTORS_KEY } from '../src/auth/allowed-executors.ts'
import type { Validator } from '../src/compose.ts'
import { registration, validatorHotkey } from './fixtures/api-under-test.ts'
import { callValidator } from './fixtures/call-validator.ts'
import { openValidator } from './fixtures/open-validator.ts'
import { claimReply, RemoteExecutor } from './fixtures/remote-executor.ts'
import { startValidatorUnderTest, type ValidatorUnderTest } from './validator-under-test.ts'

const environment = { VALIDATOR_HOTKEY: validatorHotkey }
const alice = new RemoteExecutor({ seed: 1, audience: validatorHotkey, now: () => new Date() })
let program: ValidatorUnderTest
/** A process of its own to the servers: this one. */
let validator: Validator

beforeAll(async () => {
  program = await startValidatorUnderTest()
  const { dataDir } = program
  validator = await openValidator(dataDir)
  await validator.init({ pointInTimeRecovery: false })
  const now = validator.now()
  const { miners, samplingTasks, systemConfig } = validator.repositories
  const setting: ConfigValue = { type: 'json', value: [alice.hotkey] }
  await systemConfig.put({ key: ALLOWED_EXECUTORS_KEY, setting, updatedBy: 'test', now })
  await miners.put({ registration, now })
  const tasks = [1, 2].map((taskId) => ({
    minerHotkey: registration.hotkey,
    modelRevision: registration.modelRevision,
    environment: 'sat',
    generation: 1,
    taskId,
    modelHash: registration.modelHash,
    priority: 100,
    maxAttempts: 3,
  }))
  await samplingTasks.create({ tasks, now })
})
afterAll(async () => {
  await validator[Symbol.asyncDispose]()
  await program[Symbol.asyncDispose]()
})

interface Server extends AsyncDisposable {
  readonly address: string
  /** Ends it with a signal, and says how it ended. */
  end(signal: NodeJS.Signals): Promise<Readonly<{ code: number | null; stdout: string }>>
}

async function serve(...flags: string[]): Promise<Server> {
  const child = program.start(['serve', '--port', '0', ...flags], environment)
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)))
  const closed = once(child, 'close')
  const addressIn = (): string | undefined => /"address":"(http:[^"]+)"/.exec(stderr)?.[1]
  while (addressIn() === undefined) {
    if (child.exitCode !== null) throw new Error(`serve ended: ${stderr}`)
    await sleep(20)
  }
  const end = async (signal: NodeJS.Signals): ReturnType<Server['end']> => {
    child.kill(signal)
    await closed
    return { code: child.exitCode, stdout }
  }
  return {
    address: addressIn() ?? '',
    end,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) await end('SIGKILL')
    },
  }
}

it('serves from several processes over one store: work goes on where another was killed', async () => {
  const [first, second] = await Promise.all([serve(), serve()])
  await using _first = first
  await using _second = second
  expect(await (await fetch(`${first.address}/v1/about`)).json()).toMatchObject({
    validatorHotkey,
    clockWindowMs: 60_000,
    environments: expect.arrayContaining([expect.objectContaining({ name: 'sat', scoreRange: [0, 1] })]),
  })

  const body = JSON.stringify({ environment: 'sat', limit: 10, claimId: 'claim-of-this-test' })
  const headers = alice.headersFor('/v1/tasks/claim', body)
  const claimed = await fetch(`${first.address}/v1/tasks/claim`, { method: 'POST', headers, body })
  const { tasks, token } = claimReply.parse(await claimed.json())
  expect(tasks.map(({ taskId }) => taskId)).toEqual([1, 2])
  const replayed = await fetch(`${second.address}/v1/tasks/claim`, { method: 'POST', headers, body })
  expect(replayed.status).toBe(409)
  expect(await replayed.json()).toMatchObject({ error: { code: 'replayed' } })

  const submissions = tasks.map(({ minerHotkey, modelRevision, generation, taskId }) =>
    alice.submission(
      { minerHotkey, modelRevision, environment: 'sat', generation, taskId },
      token,
      'no idea',
    ),
  )
  const submit = async (address: string, at: number) =>
    await alice.post(address, '/v1/tasks/submit', submissions[at])
  const stored = await submit(first.address, 0)
  expect(stored).toMatchObject({ status: 200, body: { outcome: 'stored', score: 0, success: false } })
  await first.end('SIGKILL')
  expect(await submit(second.address, 0)).toMatchObject({ status: 200, body: stored.body })
  expect(await submit(second.address, 1)).toMatchObject({ status: 200, body: { outcome: 'stored' } })

  const miner = await (await fetch(`${second.address}/v1/miners/${registration.hotkey}`)).json()
  expect(miner).toMatchObject({ statistics: { totalSamples: 2 } })
  expect(await second.end('SIGTERM')).toEqual({ code: 0, stdout: 'stopped\n' })
})

it('ends at once when what is configured or given is wrong', async () => {
  for (const [flags, message] of [
    [['--validator-hotkey', 'nobody'], /--validator-hotkey: "nobody" is no SS58 address/],
    [['--port', '70000'], /--port/],
    [['--host', '203.0.113.1', '--port', '0'], /--host/],
  ] as const) {
    const ran = await callValidator(program.dataDir, ['serve', ...flags], environment)
    expect(ran.code).toBe(2)
    expect(ran.stderr).toMatch(message)
  }
  expect(await program.run(['serve'], { VALIDATOR_HOTKEY: 'nobody' })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('VALIDATOR_HOTKEY'),
  })
})

it('ends with a reason when the embedded engine is gone', async () => {
  await using other = await startValidatorUnderTest()
  const log = await other.run(['db', 'init', '--json'])
  expect(log.code).toBe(0)
  const child = other.start(['serve', '--port', '0'], environment)
  let stderr = ''
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)))
  while (!stderr.includes('"address"')) await sleep(20)
  process.kill(other.enginePid, 'SIGKILL')
  await once(child, 'close')
  expect(child.exitCode).toBe(1)
  expect(stderr).toMatch(/embedded engine of .* ended .* start again/)
})
