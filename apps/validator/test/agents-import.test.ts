import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { agentExpected as cases, fromAgentWire, snapshotFromWire } from '@subnetkit/core/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { BadRow } from '../src/agent-import/row-problem.ts'
import type { ImportStores } from '../src/agent-import/store-rows.ts'
import { createWallClock } from '../src/agent-import/wall-clock.ts'
import type { Validator } from '../src/compose.ts'
import type { RecordStore } from '../src/ports/record-store.ts'
import { importAgents, type ImportAgentsParams, type ImportedAgents } from '../src/tasks/import-agents.ts'
import { workedDump, writeDump, type WireTables } from './fixtures/agent-dump.ts'
import { callValidator } from './fixtures/call-validator.ts'
import { openValidator } from './fixtures/open-validator.ts'
import { watchedStores } from './fixtures/watched-stores.ts'
import { workedAgents } from './fixtures/worked-agents.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const LONG_MS = isSoak ? 600_000 : 60_000

let dataDir = ''
let validator: Validator
let record: RecordStore
let stores: ImportStores
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'agents-import-'))
  validator = await openValidator(dataDir)
  await validator.init({ pointInTimeRecovery: false })
  record = await validator.openRecord()
  stores = { ...validator.repositories, agentRecords: record.repositories.agentRecords }
})
afterAll(async () => {
  await record[Symbol.asyncDispose]()
  await validator[Symbol.asyncDispose]()
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

/** An import as the command makes it, with a ledger of its own. */
async function run(
  folder: string,
  change: Partial<ImportAgentsParams> = {},
  into: ImportStores = stores,
  now = workedAgents.now,
): Promise<ImportedAgents> {
  const onProgress = (): void => undefined
  const { signal } = new AbortController()
  const params = {
    folder,
    ledgerFolder: folder,
    stores: 'here',
    flags: {},
    clock: createWallClock('UTC'),
    hotkeys: null,
    onDuplicate: 'oldest',
    ignoredColumns: new Set<string>(),
    cutTexts: false,
    isHistory: true,
    mode: 'import',
    isRestart: false,
    badRowsFile: join(folder, 'bad-rows.jsonl'),
    ...change,
  } as const
  return await importAgents({ stores: into, now: () => now, onProgress }, params, { signal })
}

const folderOf = (name: string): string => join(dataDir, 'dumps', name)

async function badRows(folder: string): Promise<readonly BadRow[]> {
  const text = await readFile(join(folder, 'bad-rows.jsonl'), 'utf8')
  return text.split('\n').flatMap((line): BadRow[] => (line === '' ? [] : [JSON.parse(line)]))
}

/** All questions of the worked set, answered as they must be. */
async function expectWorkedAnswers(): Promise<void> {
  const { agentAnalyses } = record.repositories
  const { queries, extras } = cases
  const ids = (executions: readonly Readonly<{ evaluation: Readonly<{ evaluationId: string }> }>[]) =>
    executions.map(({ evaluation }) => evaluation.evaluationId)
  for (const { args, expected } of queries.get_top_agents) {
    expect(await agentAnalyses.listTopAgents(args)).toStrictEqual(expected.map(fromAgentWire))
  }
  for (const { args, expected } of queries.get_recent_executions) {
    const wanted = expected.map(({ evaluation_id: id }) => id)
    expect(ids(await agentAnalyses.listRecentExecutions(args))).toStrictEqual(wanted)
  }
  for (const { args, expected } of queries.get_latest_execution_by_agent) {
    const found = await agentAnalyses.findLatestExecution({ agentId: args.agent_id })
    expect(found?.evaluation.evaluationId).toBe(expected?.evaluation_id)
    expect(found?.runs.map(({ runId }) => runId)).toStrictEqual(expected?.run_ids)
  }
  for (const { args, expected } of queries.get_evaluations) {
    const found = await agentAnalyses.listVersionExecutions({ versionId: args.version_id })
    expect(ids(found)).toStrictEqual(expected.map(({ evaluation_id: id }) => id))
  }
  for (const { args, expected } of queries.get_queue_info) {
    const found = await agentAnalyses.listQueuePlaces({ versionId: args.version_id })
    const wanted = expected.map((row) => [row.validator_hotkey, row.place_in_queue])
    expect(found.map(({ validatorHotkey, place }) => [validatorHotkey, place])).toStrictEqual(wanted)
  }
  for (const { args, expected } of queries.get_top_miner_fraction_last_24h) {
    const asked = { minerHotkey: args.miner_hotkey, now: new Date(args.now) }
    expect(await agentAnalyses.getTopMinerShare(asked)).toBeCloseTo(expected, 9)
  }
  for (const { args, expected } of queries.get_weights_history_last_24h_with_prior) {
    const found = await agentAnalyses.listWeightsHistory({ now: new Date(args.now) })
    expect(found).toStrictEqual(expected.map(snapshotFromWire))
  }
  for (const { args, expected } of queries.get_agent_summary) {
    const { agent_id: agentId, miner_hotkey: minerHotkey = '' } = args
    const found = await agentAnalyses.findSummary(agentId === undefined ? { minerHotkey } : { agentId })
    const wanted = expected?.all_versions.map(({ score }) => score)
    expect(found?.versions.map(({ score }) => score)).toStrictEqual(wanted)
  }
  const statistics = await agentAnalyses.getStatistics({ now: workedAgents.now })
  expect(statistics).toMatchObject({ versions: extras.dashboard_statistics.versions })
}

describe('the worked set', () => {
  it.each([
    ['csv', 'America/New_York', false],
    ['jsonl', 'Asia/Kolkata', true],
  ] as const)('is in both stores after an import of %s, in %s', async (format, zone, isGzip) => {
    const folder = folderOf(`worked-${format}`)
    await writeDump(folder, workedDump(zone), { format, isGzip })
    const clock = createWallClock(zone)
    const imported = await run(folder, { clock })
    expect(imported).toMatchObject({ outcome: 'imported', bad: 0, queued: 0, isWhole: true })
    expect(imported.tables.map(({ table, stored, counts }) => [table, stored, counts])).toStrictEqual([
      ['agents', 3, { decided: 3, record: 3 }],
      ['agent_versions', 5, { decided: 5, record: 5 }],
      ['evaluations', 10, { decided: null, record: 10 }],
      ['evaluation_runs', 20, { decided: null, record: 20 }],
      ['weights_history', 6, { decided: 6, record: 6 }],
    ])
    await expectWorkedAnswers()
    const { agents, agentVersions, weightsSnapshots } = validator.repositories
    for (const agent of workedAgents.agents) expect(await agents.find(agent)).toStrictEqual(agent)
    for (const version of workedAgents.versions) {
      expect(await agentVersions.find(version)).toStrictEqual(version)
    }
    for (const snapshot of workedAgents.snapshots) {
      expect(await weightsSnapshots.find(snapshot)).toStrictEqual(snapshot)
    }
    expect(await run(folder, { clock })).toMatchObject({ outcome: 'unchanged', bad: 0, isWhole: true })
  })
})

const [A1, A9] = ['a0000001-0000-4000-8000-000000000001', 'a0000009-0000-4000-8000-000000000009']
const V9 = 'b0000009-0000-4000-8000-000000000009'
const C9 = 'c0000099-0000-4000-8000-000000000099'
const D9 = 'd0000099-0000-4000-8000-000000000099'
const longText = 'x'.repeat(100_001)

/** The worked set with one more row: the first of a table, changed. */
function withRow(table: keyof WireTables, change: Readonly<Record<string, unknown>>): WireTables {
  const tables = workedDump()
  return { ...tables, [table]: [...tables[table], { ...tables[table][0], ...change }] }
}

describe('bad rows', () => {
  it.each([
    // Two agents of one hotkey, whichever comes first in the file.
    [
      'agents',
      { agent_id: A9, created_at: '2025-06-29 08:00:00' },
      'miner_hotkey',
      /has the agent a0000001.* oldest/,
    ],
    ['agents', { agent_id: A9, miner_hotkey: 'H', name: 'n'.repeat(257) }, 'name', /256/],
    ['agents', { agent_id: A9, miner_hotkey: 'two words' }, 'miner_hotkey', /letters or digits/],
    ['agents', { agent_id: 'A1' }, 'agent_id', /not a UUID/],
    ['agents', {}, 'agent_id', /id of line 2 too/],
    [
      'agents',
      { agent_id: A9, miner_hotkey: 'H', last_updated: '2025-07-01 12:01:00.001' },
      'last_updated',
      /after/,
    ],
    [
      'agent_versions',
      { version_id: V9, created_at: '2025-06-30 21:00:00' },
      'version_num',
      /number of version b0000001/,
    ],
    ['agent_versions', { version_id: V9, version_num: 7, agent_id: A9 }, 'agent_id', /no row of agents/],
    ['agent_versions', { version_id: V9, version_num: 7, score: 1.01 }, 'score', /between 0 and 1/],
    ['evaluations', { evaluation_id: C9, version_id: V9 }, 'version_id', /no row of agent_versions/],
    [
      'evaluations',
      { evaluation_id: C9, created_at: '2025-06-30 08:00:00' },
      'validator_hotkey',
      /evaluation c0000001/,
    ],
    ['evaluations', { evaluation_id: C9, validator_hotkey: 'W', status: 'paused' }, 'status', /not known/],
    ['evaluations', { evaluation_id: C9, validator_hotkey: 'W', score: -0.1 }, 'score', /between 0 and 1/],
    ['evaluation_runs', { run_id: D9, evaluation_id: C9 }, 'evaluation_id', /no row of evaluations/],
    ['evaluation_runs', { run_id: D9, response: longText }, 'response', /longer than 100000/],
    ['evaluation_runs', { run_id: D9, pass_to_fail_success: '{' }, 'pass_to_fail_success', /not JSON/],
    ['evaluation_runs', { run_id: D9, started_at: 'yesterday' }, 'started_at', /no time that exists/],
    ['weights_history', { id: D9, miner_weights: { 7: 0.5 } }, 'miner_weights', /by uid/],
    ['weights_history', { id: D9, miner_weights: { H: -1 } }, 'miner_weights', />=0/],
    [
      'weights_history',
      { id: D9, time_since_last_update: '1 mon' },
      'time_since_last_update',
      /no.* interval/,
    ],
  ] as const)('lists %s with %j', async (table, change, field, why) => {
    const folder = folderOf('bad')
    await writeDump(folder, withRow(table, change))
    const checked = await run(folder, { mode: 'check' })
    expect(checked).toMatchObject({ outcome: 'checked', bad: 1 })
    const [row, ...others] = await badRows(folder)
    expect(others).toStrictEqual([])
    const line = workedDump()[table].length + 2
    expect(row).toMatchObject({ table, line, field, why: expect.stringMatching(why) })
    expect(row?.wayOut).not.toBe('')
    expect((row?.value ?? '').length).toBeLessThan(250)
  })

  it('names what hangs on a bad row too, and keeps the newest agent where it is told to', async () => {
    const folder = folderOf('newest')
    await writeDump(folder, withRow('agents', { agent_id: A9, created_at: '2025-06-29 08:00:00' }))
    const checked = await run(folder, { mode: 'check', onDuplicate: 'newest' })
    // The older agent, its two versions, their five evaluations, and the runs of these.
    expect(checked.tables.map(({ bad }) => bad)).toStrictEqual([1, 2, 5, 13, 0])
    expect((await badRows(folder))[0]).toMatchObject({ line: 2, field: 'miner_hotkey' })
  })

  it('takes what has a way out: uids by a map, long texts cut, ids in capitals', async () => {
    const folder = folderOf('ways-out')
    const tables = workedDump()
    const capital = (id: unknown): string => String(id).toUpperCase()
    const weights = JSON.stringify(JSON.stringify({ 7: 0.25, 3: 1e-7 }))
    await writeDump(folder, {
      ...tables,
      agents: tables.agents.map((row) => ({ ...row, agent_id: capital(row['agent_id']) })),
      evaluation_runs: [
        ...tables.evaluation_runs,
        { ...tables.evaluation_runs[0], run_id: D9, error: longText },
      ],
      weights_history: [{ ...tables.weights_history[0], id: D9, miner_weights: weights }],
    })
    const hotkeys = new Map([
      [3, '5Zeta'],
      [7, '5Eta'],
    ])
    expect(await run(folder, { hotkeys, cutTexts: true })).toMatchObject({ bad: 0, isWhole: true })
    const snapshot = await validator.repositories.weightsSnapshots.find({ id: D9 })
    expect(snapshot?.minerWeights).toStrictEqual([
      { minerHotkey: '5Eta', weight: 0.25 },
      { minerHotkey: '5Zeta', weight: 1e-7 },
    ])
  })

  it('stores nothing of a dump with bad rows when it is told to be strict', async () => {
    const folder = folderOf('strict')
    const evaluation = { evaluation_id: C9, validator_hotkey: 'W', status: 'paused' }
    const version = { version_id: V9, version_num: 9 }
    const tables = {
      ...withRow('evaluations', evaluation),
      agent_versions: withRow('agent_versions', version).agent_versions,
    }
    await writeDump(folder, tables)
    expect(await run(folder, { mode: 'strict' })).toMatchObject({ outcome: 'refused', bad: 1 })
    expect(await validator.repositories.agentVersions.find({ versionId: V9 })).toBeNull()
  })

  it('lists an agent whose hotkey has another one here, with all that hangs on it', async () => {
    const folder = folderOf('taken')
    const tables = workedDump()
    const mine = (rows: WireTables['agents']): WireTables['agents'] =>
      rows.map((row) => (row['agent_id'] === A1 ? { ...row, agent_id: A9 } : row))
    await writeDump(folder, {
      ...tables,
      agents: mine(tables.agents),
      agent_versions: mine(tables.agent_versions),
    })
    const imported = await run(folder)
    expect(imported.tables.map(({ bad }) => bad)).toStrictEqual([1, 2, 5, 13, 0])
    const [row] = await badRows(folder)
    expect(row).toMatchObject({ table: 'agents', line: 2, why: expect.stringContaining(A1) })
    expect(await run(folder)).toMatchObject({ outcome: 'unchanged', bad: 21, firstBad: [] })
  })
})

describe('files and flags', () => {
  it('refuses what cannot be read, by its name', async () => {
    const folder = folderOf('files')
    await expect(run(folder)).rejects.toThrow(/cannot be read; give the folder/)
    await writeDump(folder, workedDump())
    const agents = join(folder, 'agents.csv')
    const text = await readFile(agents, 'utf8')
    const tries = [
      ['', /agents.csv: has no column agent_id, miner_hotkey/],
      [text.replace('name,', ''), /has no column name;/],
      [text.replace('name,', 'name,colour,'), /not known: colour; .*--ignore-columns colour/],
      [text.replace('name,', 'name,name,'), /has name twice/],
    ] as const
    for (const [content, message] of tries) {
      await writeFile(agents, content)
      await expect(run(folder)).rejects.toThrow(message)
    }
    await writeFile(`${agents}.gz`, 'no gzip')
    await expect(run(folder)).rejects.toThrow(/is there as .csv and as .csv.gz/)
    await rm(agents)
    await expect(run(folder)).rejects.toThrow(/agents.csv.gz: cannot be read to its end/)
    await rm(`${agents}.gz`)
    await expect(run(folder)).rejects.toThrow(/agents: is missing; export the table/)
  })

  it('does not go on with other files or flags than it was begun with, but begins anew', async () => {
    const folder = folderOf('changed')
    await writeDump(folder, workedDump())
    const flags = { '--time-zone': 'UTC' }
    await run(folder, { flags })
    await expect(run(folder, { flags: { '--time-zone': 'Asia/Tokyo' } })).rejects.toThrow(
      /--time-zone: "Asia\/Tokyo" is not how this import was begun, which was UTC/,
    )
    await expect(run(folder, { flags, stores: 'elsewhere' })).rejects.toThrow(/were here/)
    await appendFile(join(folder, 'evaluations.csv'), '\n')
    await expect(run(folder, { flags })).rejects.toThrow(/evaluations.csv: is another file .* --restart/)
    expect(await run(folder, { flags, isRestart: true })).toMatchObject({ outcome: 'imported', bad: 0 })
  })
})

describe('an import that breaks', () => {
  it(
    'is finished by the same call, wherever it broke',
    async () => {
      const folder = folderOf('broken')
      const waiting = { evaluation_id: C9, validator_hotkey: 'W', status: 'waiting' }
      await writeDump(folder, withRow('evaluations', waiting))
      const anew = { isHistory: false, isRestart: true }
      let calls = 0
      let breaksAt = 0
      const failing = watchedStores(stores, () => {
        calls += 1
        if (calls === breaksAt) throw new Error('broken here')
      })
      await run(folder, anew, failing)
      const whole = calls
      for (let at = 1; at <= whole; at += isSoak ? 2 : Math.ceil(whole / 4)) {
        calls = 0
        breaksAt = at
        await expect(run(folder, anew, failing)).rejects.toThrow('broken here')
        expect(await run(folder, { isHistory: false })).toMatchObject({ bad: 0, queued: 5, isWhole: true })
      }
      const { evaluations } = validator.repositories
      const claimed = await evaluations.claim({ validatorHotkey: 'W', claimId: 'one', now: workedAgents.now })
      expect(claimed).toMatchObject({ evaluationId: C9, attempt: 1, status: 'running' })
      // What is decided here since is newer than any dump.
      await run(folder, anew)
      const versionId = claimed?.versionId ?? ''
      const found = await record.repositories.agentAnalyses.listVersionExecutions({ versionId })
      const shown = found.find(({ evaluation }) => evaluation.evaluationId === C9)
      expect(shown?.evaluation.status).toBe('running')
    },
    LONG_MS,
  )
})

describe('validator agents import', () => {
  it('tells what it did, and fails by its exit code', async () => {
    const folder = folderOf('command')
    await writeDump(folder, withRow('evaluation_runs', { run_id: D9, evaluation_id: V9 }))
    const ran = await callValidator(dataDir, ['agents', 'import', folder, '--history-only', '--quiet'])
    expect(ran.code).toBe(1)
    expect(ran.stdout).toMatch(/evaluation_runs\W+21\W+20\W+1\W/)
    expect(ran.stdout).toMatch(/evaluation_runs, line 22: evaluation_id names no row of evaluations/)
    expect(ran.stdout).toMatch(/Bad rows: 1, all listed in .*bad-rows.jsonl/)
    const bad = await callValidator(dataDir, ['agents', 'import', folder, '--time-zone', 'Mars/Olympus'])
    expect(bad).toMatchObject({ code: 2, stderr: expect.stringMatching(/--time-zone: .*is not a time zone/) })
    const gone = await callValidator(dataDir, ['agents', 'import', `${folder}/none`])
    expect(gone).toMatchObject({ code: 2, stderr: expect.stringMatching(/<folder>.*is not there/) })
  })
})
