import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { bundleProgram, type BundledProgram } from '../../../packages/core/test/bundle-program.ts'

const key = 'a long key that only the operator knows'
let program: BundledProgram
let dataDir = ''
beforeAll(async () => {
  program = await bundleProgram(join(import.meta.dirname, '..'))
  dataDir = await mkdtemp(join(tmpdir(), 'benchmark-serve-'))
}, 120_000)
afterAll(async () => {
  await program[Symbol.asyncDispose]()
  await rm(dataDir, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })
})

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts `benchmark serve`; `use` gets its address and it is stopped afterwards. Without an address it ended by itself. */
async function serve(
  flags: readonly string[],
  environment: Readonly<Record<string, string>>,
  use: (address: string) => Promise<void> = async () => undefined,
): Promise<Ended> {
  const args = [program.main, '--data-dir', dataDir, 'serve', '--port', '0', ...flags]
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, args, {
    env: { PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  const closed = once(child, 'close')
  const addressIn = (): string | undefined => /"address":"(http:[^"]+)"/.exec(stderr)?.[1]
  try {
    while (addressIn() === undefined && child.exitCode === null) await sleep(20)
    const address = addressIn()
    if (address !== undefined) await use(address)
  } finally {
    child.kill('SIGTERM')
    await closed
  }
  return { code: child.exitCode, stdout, stderr }
}

it('serves pages and API over the data folder, with registration for who has the key, until it is stopped', async () => {
  const ended = await serve([], { REGISTRATION_API_KEY: key }, async (address) => {
    const page = await fetch(address)
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('benchmark week')])
    expect(await (await fetch(`${address}/health`)).json()).toMatchObject({
      status: 'up',
      parts: { clickhouse: 'up' },
    })
    const door = `${address}/api/internal/tournaments/00000000-0000-8000-8000-00000000abcd/register`
    const knock = async (headers: Record<string, string>): Promise<Response> =>
      await fetch(door, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ hotkey: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY' }),
      })
    expect((await knock({})).status).toBe(401)
    const reply = await knock({ 'x-api-key': key })
    expect([reply.status, await reply.json()]).toMatchObject([
      404,
      { error: { code: 'TOURNAMENT_NOT_FOUND' } },
    ])
  })
  expect(ended).toMatchObject({ code: 0, stdout: 'stopped\n' })
  expect(ended.stderr).not.toContain(key)
}, 120_000)

it.each([
  [['--host', '203.0.113.1'], {}, /--host/],
  [['--requests-per-minute', '0'], {}, /--requests-per-minute/],
  [[], { REGISTRATION_API_KEY: 'short' }, /REGISTRATION_API_KEY: has fewer than 16 characters.*openssl/],
] as const)(
  'ends at once for %j with %j, and says why',
  async (flags, environment, says) => {
    expect(await serve(flags, environment)).toMatchObject({ code: 2, stderr: expect.stringMatching(says) })
  },
  60_000,
)
