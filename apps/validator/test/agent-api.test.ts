import { setTimeout as sleep } from 'node:timers/promises'

import type { JsonValue } from '@subnetkit/core'
import { agentExpected as cases, buildAgent, buildAgentVersion, newUuid } from '@subnetkit/core/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

import { weightsDay } from '../src/agents/view/weights-day.ts'
import type { RecordStore } from '../src/ports/record-store.ts'
import { type ApiUnderTest, startApi } from './fixtures/api-under-test.ts'
import { callValidator } from './fixtures/call-validator.ts'
import type { Ran } from './validator-under-test.ts'
import { fillAgentRecord, fillAgentRegistry, workedAgents } from './fixtures/worked-agents.ts'

const [alpha, beta, gamma] = [1, 2, 3].map((n) => `a000000${n}-0000-4000-8000-00000000000${n}`)
const [v1, v2, v3, v4, v5] = [1, 2, 3, 4, 5].map((n) => `b000000${n}-0000-4000-8000-00000000000${n}`)
const hostile = '</title><script>alert(1)</script>\u001b[31m'

let api: ApiUnderTest
let record: RecordStore
let address: string
/** One that the record has not heard of. */
const unrecorded = buildAgent({ name: hostile, createdAt: workedAgents.now, lastUpdated: workedAgents.now })
const unrecordedVersion = buildAgentVersion({ agentId: unrecorded.agentId, createdAt: workedAgents.now })

beforeAll(async () => {
  api = await startApi()
  // The cases have a moment of their own.
  api.advance(workedAgents.now.getTime() - api.now().getTime())
  record = await api.openRecord()
  await Promise.all([fillAgentRecord(record.repositories), fillAgentRegistry(api.repositories)])
  await api.repositories.agents.put({ agent: unrecorded, now: api.now() })
  await api.repositories.agentVersions.put({ version: unrecordedVersion, now: api.now() })
  address = await api.serve({}, { open: async () => await api.openRecord() })
  while ((await fetch(`${address}/v1/agents`)).status === 503) await sleep(20)
}, 120_000)
afterAll(async () => {
  await record[Symbol.asyncDispose]()
  await api[Symbol.asyncDispose]()
})

interface Got {
  readonly status: number
  readonly text: string
  readonly body: JsonValue
  readonly headers: Headers
}
async function get(path: string, server = address): Promise<Got> {
  const reply = await fetch(`${server}${path}`)
  const text = await reply.text()
  return { status: reply.status, text, body: z.json().parse(JSON.parse(text)), headers: reply.headers }
}
const run = async (...args: readonly string[]): Promise<Ran> =>
  await callValidator(api.dataDir, ['agents', ...args])
const json = ({ stdout }: Ran): unknown => JSON.parse(stdout)

describe('agents over HTTP', () => {
  it('lists all of them by page, and counts those that are decided on', async () => {
    const page = z.object({ items: z.array(z.object({ name: z.string() })), nextCursor: z.string() })
    const first = page.parse((await get('/v1/agents?limit=2')).body)
    expect(first.items.map(({ name }) => name)).toEqual(['alpha', 'beta'])
    expect((await get(`/v1/agents?cursor=${encodeURIComponent(first.nextCursor)}`)).body).toMatchObject({
      items: [{ agentId: gamma, minerHotkey: '5GammaMinerHotkey' }],
      nextCursor: null,
    })
    expect((await get('/v1/agents/count')).body).toEqual({ count: 4 })
  })

  it('ranks them, and says how old the ranking is', async () => {
    const { body, headers } = await get('/v1/agents/top?limit=2')
    expect(body).toMatchObject({
      items: [
        { agentId: beta, versionId: v3, versionNum: 0, score: expect.closeTo(0.5833, 4) },
        { agentId: alpha, versionId: v2, name: 'alpha', score: expect.closeTo(0.3333, 4) },
      ],
    })
    expect(Number(headers.get('age'))).toBeLessThanOrEqual(5)
    expect((await get('/v1/agents/top')).body).toMatchObject({ items: { length: 3, 2: { score: null } } })
  })

  it.each([
    ['alpha', `/v1/agents/${alpha}`, v2, v2],
    ['beta', '/v1/agents/by-hotkey/5BetaMinerHotkey', v4, v3],
    ['gamma', `/v1/agents/${gamma}`, v5, null],
  ])('shows %s with its newest and its newest scored version', async (name, path, latest, scored) => {
    expect((await get(path)).body).toMatchObject({
      agent: { name },
      latestVersion: { versionId: latest },
      latestScoredVersion: scored === null ? null : { versionId: scored },
      isScoredVersionKnown: true,
    })
  })

  it('sums an agent up, also one that the record does not have yet', async () => {
    expect((await get(`/v1/agents/${beta}/summary`)).body).toMatchObject({
      agent: { name: 'beta' },
      versions: [
        { versionId: v4, score: null },
        { versionId: v3, score: expect.closeTo(0.6667, 4) },
      ],
      isOnRecord: true,
    })
    expect((await get(`/v1/agents/${unrecorded.agentId}/summary`)).body).toMatchObject({
      agent: { name: hostile },
      versions: [{ versionId: unrecordedVersion.versionId }],
      isOnRecord: false,
    })
  })

  it.each(cases.queries.get_latest_execution_by_agent)(
    'tells the latest execution: $args',
    async ({ args, expected }) => {
      const reply = await get(`/v1/agents/${args.agent_id}/latest-execution`)
      if (expected !== null) {
        expect(reply.body).toMatchObject({
          execution: {
            evaluation: { evaluationId: expected.evaluation_id, status: expected.status },
            version: { versionId: expected.version_id },
            runs: expected.run_ids.map((runId) => ({ runId, texts: null })),
          },
        })
        return
      }
      const isKnown = workedAgents.agents.some(({ agentId }) => agentId === args.agent_id)
      expect(reply).toMatchObject(isKnown ? { status: 200, body: { execution: null } } : { status: 404 })
    },
  )

  it.each(cases.queries.get_recent_executions.filter(({ args: { limit } }) => limit <= 50))(
    'lists the newest executions: $args',
    async ({ args: { limit }, expected }) => {
      const { body, headers } = await get(`/v1/executions/recent?limit=${limit}`)
      expect(body).toMatchObject({
        items: expected.map(({ agent_id: agentId, evaluation_id: evaluationId }) => ({
          agent: { agentId },
          evaluation: { evaluationId },
        })),
      })
      expect(headers.get('age')).toMatch(/^\d$/)
    },
  )

  it('leaves patches out of lists, unless they are asked for', async () => {
    const lean = await get(`/v1/versions/${v1}/evaluations`)
    expect(lean.text).not.toContain('diff --git')
    expect(lean.body).toMatchObject({
      items: [
        { evaluation: { status: 'replaced' }, runs: [] },
        { evaluation: { validatorHotkey: '5ValidatorHotkeyB' }, runs: { length: 4 } },
        {
          runs: {
            0: {
              swebenchInstanceId: 'django-1',
              solved: true,
              responseCharacters: 'diff --git a/django-1.py'.length,
              tests: { failToPass: 1, passToPass: 1, passToFail: 0, failToFail: 0 },
              texts: null,
            },
          },
        },
      ],
    })
    const whole = await get(`/v1/versions/${v1}/evaluations?include=response`)
    expect(whole.body).toMatchObject({
      items: {
        2: { runs: { 0: { texts: { response: 'diff --git a/django-1.py', failToPassSuccess: ['t1'] } } } },
      },
    })
  })

  it('shows a version and its places', async () => {
    expect((await get(`/v1/versions/${v2}`)).body).toMatchObject({ agentId: alpha, versionNum: 1 })
    expect((await get(`/v1/versions/${v3}/queue`)).body).toEqual({
      items: [
        { validatorHotkey: '5ValidatorHotkeyA', place: -1 },
        { validatorHotkey: '5ValidatorHotkeyB', place: null },
        { validatorHotkey: '5ValidatorHotkeyC', place: 1 },
      ],
    })
    const none = `/v1/versions/${unrecordedVersion.versionId}`
    expect((await get(`${none}/queue`)).body).toEqual({ items: [] })
    expect((await get(`${none}/evaluations`)).body).toEqual({ items: [] })
  })

  it('tells the weights of a day', async () => {
    const newest = workedAgents.snapshots.at(-1)
    expect((await get('/v1/weights/latest')).body).toMatchObject({ snapshot: { id: newest?.id } })
    expect((await get('/v1/weights/top-miner')).body).toEqual({ minerHotkey: '5AlphaMinerHotkey' })
    expect((await get('/v1/weights/history')).body).toMatchObject({
      items: workedAgents.snapshots.slice(1).map(({ id }) => ({ id })),
    })
    const share = async (name: string): Promise<JsonValue> =>
      (await get(`/v1/weights/top-miner/5${name}MinerHotkey/share`)).body
    expect(await share('Beta')).toMatchObject({ share: expect.closeTo(0.4167, 2) })
    expect(await share('Nobody')).toMatchObject({ share: 0 })
  })

  it('tells who leads, and how the registry stands', async () => {
    for (const { args, expected } of cases.extras.weight_receiving_agent) {
      const { body } = await get(`/v1/agents/leader?minValidators=${args.min_validators}&tolerance=0.02`)
      expect(body).toMatchObject({ leader: expected === null ? null : { versionId: expected.version_id } })
    }
    const { dashboard_statistics: expected } = cases.extras
    expect((await get('/v1/agents/statistics')).body).toEqual({
      versions: expected.versions,
      versionsLastDay: expected.versions_last_24h,
      topScore: expected.top_score,
      dailyScoreImprovement: expected.daily_score_improvement,
    })
  })

  it.each([
    [`/v1/agents/${newUuid()}`, 404, 'there is no agent'],
    [`/v1/agents/${v2 ?? ''}`, 404, `is no agent: it is version 1 of agent ${alpha ?? ''}`],
    [`/v1/agents/${alpha?.toUpperCase() ?? ''}`, 422, 'params.agentId'],
    ["/v1/agents/a' OR 1=1 --", 422, 'params.agentId'],
    [`/v1/agents/${newUuid()}/summary`, 404, '/v1/agents lists them'],
    [`/v1/agents/${v1 ?? ''}/latest-execution`, 404, 'it is version 0'],
    ['/v1/agents/by-hotkey/5Nobody', 404, 'has no agent'],
    ['/v1/agents/by-hotkey/5Nobody;DROP', 422, 'params.hotkey'],
    [`/v1/versions/${alpha ?? ''}`, 404, 'is no version: it is the agent of hotkey 5AlphaMinerHotkey'],
    [`/v1/versions/${newUuid()}/queue`, 404, 'there is no version'],
    [`/v1/versions/${newUuid()}/evaluations`, 404, 'there is no version'],
    [`/v1/versions/${v1?.slice(1) ?? ''}/evaluations`, 422, 'params.versionId'],
    ['/v1/agents/top?limit=0', 422, 'query.limit'],
    ['/v1/agents/top?limit=-1', 422, 'query.limit'],
    ['/v1/agents/top?limit=10001', 422, 'query.limit'],
    ['/v1/agents/top?limit=x', 422, 'query.limit'],
    ['/v1/executions/recent?limit=51', 422, 'query.limit'],
    ['/v1/executions/recent?include=everything', 422, 'query.include'],
    ['/v1/agents?limit=1001', 422, 'query.limit'],
    ['/v1/agents?cursor=nonsense', 422, 'cursor'],
    ['/v1/agents/leader?tolerance=2', 422, 'query.tolerance'],
    ['/v1/agents/top?num_agents=3', 422, 'num_agents'],
    [`/v1/weights/top-miner/${'5'.repeat(65)}/share`, 422, 'params.hotkey'],
  ])('answers %s with %d and the way out', async (path, status, wayOut) => {
    const reply = await get(encodeURI(path))
    expect({ status: reply.status, has: reply.text.includes(wayOut), text: reply.text }).toMatchObject({
      status,
      has: true,
    })
  })

  it('answers 503 for what needs the record while it is not open, and for nothing else', async () => {
    const opening = api.address
    for (const path of [
      '/v1/agents',
      '/v1/agents/top',
      '/v1/agents/statistics',
      '/v1/agents/leader',
      `/v1/agents/${alpha ?? ''}/summary`,
      `/v1/agents/${alpha ?? ''}/latest-execution`,
      '/v1/executions/recent',
      `/v1/versions/${v1 ?? ''}/evaluations`,
      `/v1/versions/${v1 ?? ''}/queue`,
      '/v1/weights/history',
      '/v1/weights/top-miner/5BetaMinerHotkey/share',
      // Only the record could say whether it was imported.
      `/v1/agents/${newUuid()}`,
    ]) {
      expect(await get(path, opening)).toMatchObject({
        status: 503,
        body: { error: { code: 'record_opening' } },
      })
    }
    expect((await get(`/v1/agents/${alpha ?? ''}`, opening)).body).toMatchObject({
      latestScoredVersion: { versionId: v2 },
      isScoredVersionKnown: true,
    })
    expect((await get('/v1/agents/by-hotkey/5BetaMinerHotkey', opening)).body).toMatchObject({
      latestVersion: { versionId: v4 },
      latestScoredVersion: null,
      isScoredVersionKnown: false,
    })
    for (const path of [
      `/v1/versions/${v1 ?? ''}`,
      '/v1/weights/latest',
      '/v1/weights/top-miner',
      '/v1/agents/count',
    ]) {
      expect((await get(path, opening)).status).toBe(200)
    }
  })
})

describe('pages of agents', () => {
  it('show the top, the newest evaluations, and one agent with a strip of its runs', async () => {
    const page = async (path: string, server = address): Promise<readonly [number, string]> => {
      const reply = await fetch(`${server}${path}`)
      return [reply.status, await reply.text()]
    }
    const [status, first] = await page('/agents')
    expect(status).toBe(200)
    expect(first).toMatch(
      /58\.33 %[\s\S]*33\.33 %[\s\S]*Newest evaluations[\s\S]*running[\s\S]*1 of\s+3[\s\S]*\(1 open\)/,
    )
    expect(first).toMatch(/<a href="\/agents" aria-current="page">/)
    const [, one] = await page(`/agents/5AlphaMinerHotkey?version=${v1 ?? ''}`)
    expect(one).toMatch(/Evaluations of version 0[\s\S]*replaced[\s\S]*2 of\s+4[\s\S]*3 of\s+3/)
    expect(one).toContain('title="django-1: solved"')
    const [, other] = await page(`/agents/${unrecorded.agentId}`)
    expect(other).toContain('&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;')
    expect([other.includes('<script'), other.includes('\u001b')]).toEqual([false, false])
    for (const [path, expected, told] of [
      [`/agents/${newUuid()}`, 404, 'there is no agent'],
      ['/agents/5Nobody', 404, 'has no agent'],
      ['/agents/a-b', 422, 'must be a UUID'],
      [`/agents/${alpha ?? ''}?version=${v3 ?? ''}`, 404, 'there is no version'],
      [`/agents/${alpha ?? ''}?version=x`, 422, 'query.version'],
    ] as const) {
      const [code, text] = await page(path)
      expect({ path, code, has: text.includes(told) }).toEqual({ path, code: expected, has: true })
    }
    expect((await page('/agents', api.address))[0]).toBe(503)
  })
})

describe('validator agents', () => {
  it('shows the top, the list and one agent, beside the server', async () => {
    const top = await run('top')
    expect(top.stdout).toMatch(/1 +58\.33% +beta +0 +2025-06-28 09:00 +5BetaM…tkey +a0000002-/)
    expect(top.stdout).toMatch(/3 +– +gamma/)
    expect(json(await run('list', '--limit', '2', '--json'))).toMatchObject({
      items: [{ name: 'alpha' }, { name: 'beta' }],
      nextCursor: expect.any(String),
    })
    const shown = await run('show', '5AlphaMinerHotkey')
    expect(shown.stdout).toMatch(
      /^alpha\n +agent +a0000001-[\s\S]*1 +33\.33% [\s\S]*0 +75\.00%[\s\S]*Newest evaluation: version 1 by 5ValidatorHotkeyB: running, 1 of 3 problems solved, 1 open/,
    )
    const unknownToRecord = await run('show', unrecorded.agentId)
    expect(unknownToRecord.stdout).toMatch(/The record does not have this agent yet/)
    expect(unknownToRecord.stdout).not.toContain('\u001b')
  })

  it('shows queue places and a day of weights', async () => {
    expect((await run('queue', v3 ?? '')).stdout).toMatch(
      /completed +5ValidatorHotkeyA\nended without a score +5ValidatorHotkeyB\nwaits, place 1 +5ValidatorHotkeyC/,
    )
    const day = await run('history', '--at', workedAgents.now.toISOString())
    expect(day.stdout).toMatch(/2025-06-30 10:00 +5BetaM…tkey +0\.7 +2 +3\.00 h/)
    expect(day.stdout).toMatch(
      /41\.67% +5BetaMinerHotkey\n35\.42% +5GammaMinerHotkey\n22\.92% +5AlphaMinerHotkey/,
    )
    const { shares } = weightsDay(workedAgents.snapshots.slice(1), workedAgents.now)
    for (const { minerHotkey, share } of shares) {
      const asked = { minerHotkey, now: workedAgents.now }
      expect(await record.repositories.agentAnalyses.getTopMinerShare(asked)).toBeCloseTo(share, 9)
    }
  })

  it.each([
    [['show', v1 ?? ''], 1, `is no agent: it is version 0 of agent ${alpha ?? ''}`],
    [['show', alpha?.toUpperCase() ?? ''], 2, 'must be a UUID in lower case'],
    [['queue', alpha ?? ''], 1, 'is no version: it is the agent of hotkey 5AlphaMinerHotkey'],
    [['queue', "v1' OR '1'='1"], 2, '<version>'],
    [['top', '--limit', '0'], 2, '--limit'],
    [['top', '--limit', '10001'], 2, '--limit'],
    [['list', '--limit', 'x'], 2, '--limit'],
    [['history', '--at', 'tomorrow'], 2, '--at'],
  ])('ends %j with %d and the way out', async (args, code, wayOut) => {
    const ran = await run(...args)
    expect({ code: ran.code, has: ran.stderr.includes(wayOut), stderr: ran.stderr }).toMatchObject({
      code,
      has: true,
    })
  })
})
