import { createHash, randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

import { buildAgentVersion } from '@subnetkit/core/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { EVALUATORS_KEY } from '../src/agents/evaluators/evaluators.ts'
import { signedHeaders } from '../src/auth/signed-request.ts'
import { FolderAgentCodeStore } from '../src/adapters/folder-agent-code-store.ts'
import { startApi, validatorHotkey, type ApiUnderTest } from './fixtures/api-under-test.ts'
import { callValidator } from './fixtures/call-validator.ts'
import { agentFile, uploadedReply, UploadingMiner, type UploadReply } from './fixtures/uploading-miner.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
/** Contents that want one number at once; one content sent at once is stored anew by each, which takes longer. */
const CONTENTS_AT_ONCE = isSoak ? 1_000 : 12
const SAME_AT_ONCE = isSoak ? 200 : 6
const LONG_MS = isSoak ? 600_000 : 120_000

let api: ApiUnderTest
beforeAll(async () => {
  api = await startApi()
})
afterAll(async () => {
  await api[Symbol.asyncDispose]()
})

const newMiner = async (): Promise<UploadingMiner> => new UploadingMiner(api).register()
const configure = async (value: Record<string, string | number | string[]>): Promise<void> => {
  const key = 'agents.upload'
  const now = api.now()
  await api.repositories.systemConfig.put({ key, setting: { type: 'json', value }, updatedBy: 'test', now })
  api.advance(2_000)
}
const attemptsOf = async ({ hotkey: minerHotkey }: UploadingMiner): Promise<readonly string[]> => {
  const page = { minerHotkey, now: api.now(), limit: 10_000 }
  const { items } = await api.repositories.agentUploadAttempts.list(page)
  return items.map(({ outcome, code }) => `${outcome} ${String(code)}`)
}
const uploadsOf = async ({ hotkey: minerHotkey }: UploadingMiner): Promise<readonly number[]> => {
  const { items } = await api.repositories.agentUploads.list({ minerHotkey, limit: 100 })
  return items.map(({ versionNum }) => versionNum)
}

describe('an upload', () => {
  it('becomes agent, version and a place in each validator’s queue, and its file is kept', async () => {
    const miner = await newMiner()
    const content = agentFile()
    const reply = await miner.upload(content, { name: 'Größe 1.0' })
    expect(reply).toMatchObject({ status: 201 })
    const { agent, version, queue } = uploadedReply.parse(reply.body)
    expect(agent).toMatchObject({ minerHotkey: miner.hotkey, name: 'Größe 1.0', latestVersion: 0 })
    expect(version).toMatchObject({ agentId: agent.agentId, versionNum: 0, score: null })
    expect(queue).toMatchObject([{ validatorHotkey, status: 'waiting' }])
    const sha256 = createHash('sha256').update(content).digest('hex')
    const store = new FolderAgentCodeStore(`${api.dataDir}/agent-code`)
    expect(await store.find({ sha256 }).then((kept) => kept && Buffer.from(kept))).toEqual(
      Buffer.from(content),
    )
    expect(await attemptsOf(miner)).toEqual(['accepted null'])
  })

  it('replaces the one before it, once the time between two has passed', async () => {
    const miner = await newMiner()
    const first = uploadedReply.parse((await miner.upload()).body)
    const second = agentFile('return "2"')
    expect(await miner.upload(second, { versionNum: 1 })).toMatchObject({ status: 429, code: 'too_early' })
    api.advance(600_000)
    expect(await miner.upload(second, { versionNum: 2 })).toMatchObject({
      status: 409,
      code: 'wrong_version',
    })
    const third = await miner.upload(second, { versionNum: 1, name: 'renamed' })
    const { agent, version } = uploadedReply.parse(third.body)
    expect(agent).toMatchObject({ agentId: first.agent.agentId, name: 'alpha', latestVersion: 1 })
    expect(version.versionNum).toBe(1)
    const { evaluations } = api.repositories
    expect((await evaluations.list({ ...first.version, limit: 9 })).items).toMatchObject([
      { status: 'replaced' },
    ])
    expect((await evaluations.list({ ...version, limit: 9 })).items).toMatchObject([{ status: 'waiting' }])
  })

  it('that was answered and is sent again has the same result, also at once, and keeps its score', async () => {
    const miner = await newMiner()
    const first = await miner.upload()
    const { version } = uploadedReply.parse(first.body)
    const scored = { ...version, createdAt: api.now(), score: 0.5 }
    await api.repositories.agentVersions.put({ version: scored, now: api.now() })
    const again = uploadedReply.parse((await miner.upload()).body)
    expect(again.version).toEqual({ ...version, score: 0.5 })
    expect(await uploadsOf(miner)).toEqual([0])
  })

  it('waits while the newest version is being judged', async () => {
    const miner = await newMiner()
    await miner.upload()
    api.advance(600_000)
    const claim = { validatorHotkey, claimId: randomBytes(8).toString('hex') }
    const { evaluations } = api.repositories
    for (;;) {
      const begun = await evaluations.claim({
        ...claim,
        claimId: randomBytes(8).toString('hex'),
        now: api.now(),
      })
      if (begun === null) break
    }
    const next = agentFile('return "next"')
    const refused = await miner.upload(next, { versionNum: 1 })
    expect(refused).toMatchObject({ status: 409, code: 'evaluation_running' })
    await evaluations.disconnect({ validatorHotkey, now: api.now() })
    expect(await miner.upload(next, { versionNum: 1 })).toMatchObject({ status: 201 })
  })

  it('goes to an imported agent under the id that it came with', async () => {
    const miner = await newMiner()
    const at = new Date('2025-07-01T12:00:00.000Z')
    const agentId = 'a0000001-0000-4000-8000-0000000000ff'
    const agent = {
      agentId,
      minerHotkey: miner.hotkey,
      name: 'old',
      latestVersion: 4,
      createdAt: at,
      lastUpdated: at,
    }
    await api.repositories.agents.put({ agent, now: api.now() })
    expect(await miner.upload()).toMatchObject({
      code: 'wrong_version',
      message: expect.stringContaining('5'),
    })
    const { agent: stored } = uploadedReply.parse((await miner.upload(agentFile(), { versionNum: 5 })).body)
    expect(stored).toMatchObject({ agentId, name: 'old', latestVersion: 5 })
  })

  it('asks the public route what it has to say', async () => {
    const miner = await newMiner()
    const next = async (): Promise<unknown> =>
      (await fetch(`${api.address}/v1/agent-uploads/next?minerHotkey=${miner.hotkey}`)).json()
    expect(await next()).toEqual({ nextVersionNum: 0, notBefore: null, maxBytes: 1_000_000 })
    await miner.upload()
    expect(await next()).toMatchObject({ nextVersionNum: 1, notBefore: expect.stringMatching(/Z$/) })
  })
})

/** An upload of somebody who tries again when a machine this busy drops the connection, with a clock that is ahead. */
async function uploadPatiently(
  miner: UploadingMiner,
  content: Uint8Array,
  address: string,
): Promise<UploadReply> {
  const send = async (): Promise<UploadReply> =>
    await miner.upload(content, { address, now: new Date(api.now().getTime() + 50_000) })
  for (let left = 5; left > 0; left -= 1) {
    try {
      return await send()
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
  }
  return await send()
}

describe('many uploads at once', () => {
  it(
    `of one content make one version, whichever of two servers they reach: ${SAME_AT_ONCE}`,
    async () => {
      await configure({ attemptsPerHour: 10_000 })
      const miner = await newMiner()
      const addresses = [api.address, await api.serve()]
      const replies = await Promise.all(
        Array.from({ length: SAME_AT_ONCE }, (_, at) =>
          uploadPatiently(miner, agentFile(), addresses[at % 2] ?? api.address),
        ),
      )
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]))
      const versions = replies.map(({ body }) => uploadedReply.parse(body).version.versionId)
      expect(new Set(versions).size).toBe(1)
      const [versionId = ''] = versions
      const { items } = await api.repositories.evaluations.list({ versionId, limit: 9 })
      expect(items).toMatchObject([{ status: 'waiting', validatorHotkey }])
    },
    LONG_MS,
  )

  it(
    `of different contents: exactly one of ${CONTENTS_AT_ONCE} wins, and its file is the version`,
    async () => {
      const miner = await newMiner()
      const replies = await Promise.all(
        Array.from({ length: CONTENTS_AT_ONCE }, (_, at) =>
          uploadPatiently(miner, agentFile(`return ${at}`), api.address),
        ),
      )
      const winners = replies.filter(({ status }) => status === 201)
      expect(winners).toHaveLength(1)
      const others = replies.filter(({ status }) => status !== 201)
      // Who comes when the version is there already comes too early.
      const codes = new Set(others.map(({ code }) => code))
      expect([...codes].filter((code) => code !== 'wrong_version' && code !== 'too_early')).toEqual([])
      expect(others).toHaveLength(CONTENTS_AT_ONCE - 1)
      expect(await uploadsOf(miner)).toEqual([0])
      await configure({})
    },
    LONG_MS,
  )

  it('are looked at so often in an hour, and no more are logged', async () => {
    await configure({ attemptsPerHour: 3 })
    const miner = await newMiner()
    const replies = await Promise.all(Array.from({ length: 8 }, () => miner.upload()))
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(3)
    expect(replies.filter(({ code }) => code === 'too_many_attempts')).toHaveLength(5)
    expect(await attemptsOf(miner)).toHaveLength(3)
    await configure({})
  })
})

describe('who may not', () => {
  it('is refused without a trace', async () => {
    const stranger = new UploadingMiner(api)
    expect(await stranger.upload()).toMatchObject({ status: 403, code: 'not_registered' })
    await stranger.register(null)
    expect(await stranger.upload()).toMatchObject({ status: 403, code: 'not_registered' })
    expect(await attemptsOf(stranger)).toEqual([])
  })

  it('is banned by hotkey or by coldkey, until that is lifted', async () => {
    const { bans } = api.repositories
    for (const subject of ['hotkey', 'coldkey'] as const) {
      const miner = await newMiner()
      const key = { subject, address: subject === 'hotkey' ? miner.hotkey : miner.coldkey }
      await bans.ban({ ...key, reason: 'copied code', by: 'alice', now: api.now() })
      expect(await miner.upload()).toMatchObject({ status: 403, code: 'banned' })
      await bans.lift({ ...key, by: 'alice', now: api.now() })
      expect(await miner.upload()).toMatchObject({ status: 201 })
    }
  })

  it('cannot upload for another, with another content, name, number, time, or twice', async () => {
    const [miner, other] = [await newMiner(), await newMiner()]
    const badSignature = { status: 401, code: 'bad_signature' }
    const ofOther = {
      signer: { hotkey: miner.hotkey, sign: (bytes: Uint8Array) => other.signer.sign(bytes) },
    }
    expect(await miner.upload(agentFile(), ofOther)).toMatchObject(badSignature)
    expect(await miner.upload(agentFile(), { sentContent: agentFile('evil()') })).toMatchObject(badSignature)
    expect(await miner.upload(agentFile(), { target: '/v1/agents?name=beta&versionNum=0' })).toMatchObject(
      badSignature,
    )
    expect(await miner.upload(agentFile(), { audience: other.hotkey })).toMatchObject(badSignature)
    expect(
      await miner.upload(agentFile(), { headers: { [signedHeaders.hotkey]: other.hotkey } }),
    ).toMatchObject(badSignature)
    const late = new Date(api.now().getTime() - 61_000)
    expect(await miner.upload(agentFile(), { now: late })).toMatchObject({ status: 401, code: 'not_signed' })
    const nonce = randomBytes(16).toString('hex')
    expect(await miner.upload(agentFile(), { nonce })).toMatchObject({ status: 201 })
    expect(await miner.upload(agentFile(), { nonce })).toMatchObject({ status: 409, code: 'replayed' })
    expect(await attemptsOf(miner)).toEqual(['accepted null'])
    expect(await attemptsOf(other)).toEqual([])
  })
})

describe('what is no agent', () => {
  it.each([
    'a\u0000b',
    'line\nbreak',
    '../../etc/passwd',
    'a/b',
    'C:\\agent',
    '.hidden',
    '',
    ' ',
    'x'.repeat(65),
    '\u202egpj',
    "'; DROP",
  ])('is refused for its name: %j', async (name) => {
    const miner = await newMiner()
    expect(await miner.upload(agentFile(), { name })).toMatchObject({ status: 422, code: 'invalid_input' })
  })

  it.each(['-1', '0.5', '1e3', 'NaN', '1000000', ''])('is refused for its number: %j', async (versionNum) => {
    const miner = await newMiner()
    expect(await miner.upload(agentFile(), { versionNum })).toMatchObject({ status: 422 })
  })

  it.each<readonly [string, Uint8Array, string]>([
    ['bytes that are no UTF-8', Uint8Array.of(0xff, 0xfe, 0x00), 'no UTF-8'],
    ['a NUL', agentFile('\0'), 'NUL'],
    ['nothing', new Uint8Array(), 'agent_main'],
    [
      'imports',
      new TextEncoder().encode('import torch\nimport os\nfrom PIL import x\n'),
      'torch; line 3: imports PIL',
    ],
    ['brackets', new Uint8Array(1_000_000).fill(0x28), 'no Python'],
  ])('is refused for its content, and logged: %s', async (_name, content, told) => {
    const miner = await newMiner()
    const reply = await miner.upload(content)
    expect(reply).toMatchObject({ status: 422, code: 'invalid_code' })
    expect(reply.message).toContain(told)
    expect(await attemptsOf(miner)).toEqual(['refused invalid_code'])
    expect(await uploadsOf(miner)).toEqual([])
    expect(await miner.upload()).toMatchObject({ status: 201 })
  })

  it('may import what is configured, and is refused while the configuration does not fit', async () => {
    const miner = await newMiner()
    await configure({ packages: ['torch'] })
    const content = new TextEncoder().encode('import torch\ndef agent_main(p): pass\n')
    expect(await miner.upload(content)).toMatchObject({ status: 201 })
    await configure({ packages: 'torch' })
    expect(await (await newMiner()).upload()).toMatchObject({ status: 503, code: 'misconfigured' })
    await configure({})
  })

  it('is refused for its size before its body is read', async () => {
    const miner = await newMiner()
    const { port } = new URL(api.address)
    const ask = async (length: string): Promise<string> => {
      const socket = connect(Number(port), '127.0.0.1')
      const headers = Object.entries({
        [signedHeaders.hotkey]: miner.hotkey,
        [signedHeaders.timestamp]: `${api.now().getTime()}`,
        [signedHeaders.nonce]: randomBytes(16).toString('hex'),
        [signedHeaders.signature]: 'f'.repeat(128),
      }).map(([name, value]) => `${name}: ${value}\r\n`)
      socket.write(
        `POST /v1/agents?name=a&versionNum=0 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${headers.join('')}${length}\r\n\r\n`,
      )
      // Nothing of the body is ever sent: an answer shows that none of it is waited for.
      return await text(socket)
    }
    expect(await ask('content-length: 1000001')).toMatch(/413[\s\S]*too_large/)
    expect(await ask('content-length: 99999999999999')).toMatch(/413[\s\S]*too_large/)
    expect(await ask('transfer-encoding: chunked')).toMatch(/422[\s\S]*length_required/)
  })

  it('is cut off when its body comes too slowly', async () => {
    const address = await api.serve({ requestTimeoutMs: 300 })
    const miner = await newMiner()
    const socket = connect(Number(new URL(address).port), '127.0.0.1')
    const headers = Object.entries({
      [signedHeaders.hotkey]: miner.hotkey,
      [signedHeaders.timestamp]: `${api.now().getTime()}`,
      [signedHeaders.nonce]: randomBytes(16).toString('hex'),
      [signedHeaders.signature]: 'f'.repeat(128),
    }).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(
      `POST /v1/agents?name=a&versionNum=0 HTTP/1.1\r\nhost: x\r\n${headers.join('')}content-length: 100\r\n\r\ndef`,
    )
    expect(await text(socket)).toContain('408 Request Timeout')
    expect(await attemptsOf(miner)).toEqual([])
  })
})

describe('validator agents attempts', () => {
  it('shows what became of a miner’s uploads', async () => {
    const miner = await newMiner()
    await miner.upload(new Uint8Array(), { name: 'first' })
    await miner.upload(agentFile(), { name: 'second' })
    const { code, stdout } = await callValidator(api.dataDir, ['agents', 'attempts', miner.hotkey])
    expect(code).toBe(0)
    expect(stdout).toMatch(/accepted[^]*refused\W+invalid_code\W+0\W+0\W+127\.0\.0\.1\W+first/)
    const nobody = await callValidator(api.dataDir, ['agents', 'attempts', validatorHotkey])
    expect(nobody.stdout).toContain('tried no upload')
    const bad = await callValidator(api.dataDir, ['agents', 'attempts', 'nope'])
    expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining('SS58') })
  })
})

describe('the file of a version', () => {
  it('is given to those who judge it, as it was uploaded, and to nobody else', async () => {
    const [evaluator, other] = [api.executor(21), api.executor(22)]
    const setting = { type: 'json' as const, value: [evaluator.hotkey] }
    await api.repositories.systemConfig.put({
      key: EVALUATORS_KEY,
      setting,
      updatedBy: 'test',
      now: api.now(),
    })
    api.advance(2_000)
    const content = agentFile('return "é"')
    const { agent, version } = uploadedReply.parse((await (await newMiner()).upload(content)).body)
    const path = `/v1/versions/${version.versionId}/code`
    const reply = await evaluator.get(api.address, path)
    expect(reply.status).toBe(200)
    expect(reply.headers.get('etag')).toBe(`"${createHash('sha256').update(content).digest('hex')}"`)
    expect(Buffer.from(await reply.arrayBuffer())).toEqual(Buffer.from(content))
    expect((await other.get(api.address, path)).status).toBe(403)
    expect((await fetch(`${api.address}${path}`)).status).toBe(401)
    const imported = buildAgentVersion({ agentId: agent.agentId, versionNum: 7 })
    await api.repositories.agentVersions.put({ version: imported, now: api.now() })
    const gone = await evaluator.get(api.address, `/v1/versions/${imported.versionId}/code`)
    expect([gone.status, await gone.text()]).toEqual([404, expect.stringContaining('is not kept here')])
  })
})
