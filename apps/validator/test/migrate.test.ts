import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getPublicKey, secretFromSeed, sign } from '@scure/sr25519'
import S3rver from 's3rver'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { callValidator } from './fixtures/call-validator.ts'
import { startTestEngine, type TestEngine } from './fixtures/sampling-store.ts'
import type { Ran } from './validator-under-test.ts'
import { addressOf } from '@subnetkit/core/ss58'

const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }
const environment = {
  R2_ACCESS_KEY_ID: credentials.accessKeyId,
  R2_SECRET_ACCESS_KEY: credentials.secretAccessKey,
}
const secret = secretFromSeed(new Uint8Array(32).fill(7))
const validatorHotkey = addressOf(getPublicKey(secret))
const miner = addressOf(getPublicKey(secretFromSeed(new Uint8Array(32).fill(8))))

let engine: TestEngine
let server: S3rver
let folder = ''
let endpoint = ''

beforeAll(async () => {
  engine = await startTestEngine()
  folder = await mkdtemp(join(tmpdir(), 'validator-shards-'))
  server = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory: folder })
  const { port }: AddressInfo = await server.run()
  endpoint = `http://127.0.0.1:${port}`
  await putShard()
})
afterAll(async () => {
  await server.close()
  await engine[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

/** Three rows as Python wrote them: one signed, one signed and then changed, one that is no row. */
async function putShard(): Promise<void> {
  const about = `"miner": {"hotkey": "${miner}", "model": "org/m", "revision": "r1", "uid": 7}`
  const signed = (taskId: number, score: string): string => {
    const extra = `{"conversation": [{"content": "h\\u00e9", "role": "user"}], "task_id": ${taskId}}`
    const minerJson = about.slice('"miner": '.length)
    const text = `sat:${minerJson}:1.000000:0.500000:1763000000:${extra}`
    const signature = Buffer.from(sign(secret, new TextEncoder().encode(text))).toString('hex')
    return `{"hotkey": "${validatorHotkey}", ${about}, "env": "sat", "score": ${score}, "latency_seconds": 0.5, "success": true, "extra": ${extra}, "timestamp": 1763000000.25, "signature": "${signature}"}`
  }
  const client = new S3Client({ region: 'us-east-1', endpoint, forcePathStyle: true, credentials })
  await client.send(new CreateBucketCommand({ Bucket: 'affine' }))
  await client.send(
    new PutObjectCommand({
      Bucket: 'affine',
      Key: `affine/results/000000100-${validatorHotkey}.json`,
      Body: `[${signed(1, '1.0')}, ${signed(2, '0.5')}, {}]`,
    }),
  )
  client.destroy()
}

const run = async (args: readonly string[], change: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  await callValidator(engine.dataDir, args, { ...environment, ...change })
const shards = ['migrate', '--bucket', 'affine', '--endpoint'] as const
const migrate = (...args: readonly string[]): Promise<Ran> => run([...shards, endpoint, ...args])

const json = ({ stdout }: Ran): unknown => JSON.parse(stdout)

describe('validator migrate', () => {
  it('says of a dry run what would be stored', async () => {
    const ran = await migrate('--dry-run', '--json')
    expect(json(ran)).toMatchObject({ isDryRun: true, rows: 3, stored: 2, failed: 1, shardsImported: 1 })
    expect(ran.code).toBe(1)
  })

  it('stores what was signed, lists what was not, and fails by its exit code', async () => {
    const failures = join(folder, 'failed.jsonl')
    const ran = await migrate('--verify-signatures', '--failures', failures)
    expect(ran.code).toBe(1)
    expect(ran.stdout).toMatch(/stored\D+1\b/)
    expect(ran.stdout).toContain(`2 rows failed, listed in ${failures}`)
    const lines = (await readFile(failures, 'utf8')).trim().split('\n')
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { row: 1, reason: expect.stringContaining('signature') },
      { row: 2, reason: expect.stringContaining('is missing') },
    ])
  })

  it('goes on with what is missing, and makes the miner known', async () => {
    expect(json(await migrate('--json'))).toMatchObject({ stored: 1, present: 1, failed: 1 })
    const miners = json(await run(['miners', 'list', '--json']))
    expect(JSON.stringify(miners)).toContain(miner)
  })

  it.each([
    [['--tail', '0'], {}, /--tail: .*0/],
    [['--max-results', 'many'], {}, /--max-results/],
    [['--environment', 'two words'], {}, /--environment/],
    [['--rename', 'affine:sat'], {}, /--rename.*old=new/],
    [[], { R2_SECRET_ACCESS_KEY: '' }, /R2_SECRET_ACCESS_KEY: is not set.*--anonymous/],
  ])('refuses %j with %j', async (args, change, message) => {
    const ran = await run([...shards, endpoint, ...args], change)
    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) })
  })

  it('says which bucket cannot be read', async () => {
    const ran = await migrate('--bucket', 'no-such-bucket')
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('no-such-bucket') })
  })
})
