import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import {
  type BenchmarkRun,
  type BenchmarkRunContext,
  runTask,
  silentLogger,
  StorageError,
} from '@subnetkit/core'
import { addressOf } from '@subnetkit/core/ss58'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { BenchmarkDeps } from '../../src/benchmark-deps.ts'
import { runIdOf } from '../../src/benchmark-ids.ts'
import type { EndedRun } from '../../src/tasks/runs/ended-run.ts'
import { writeJsonFile } from '../../src/tasks/json-file.ts'
import { performRunTask } from '../../src/tasks/runs/perform-run.ts'
import { runKeyOf } from '../../src/tasks/runs/run-row.ts'
import { runPaths } from '../../src/tasks/work-paths.ts'
import { type JudgedDataset, readJudgedDataset } from '../../src/validation/read-judged-dataset.ts'
import { type Contest, openContest } from '../contest/open-contest.ts'
import { KilledError, killedAt } from './killed-at.ts'
import { linkedReport, newEpoch, report, type Script, scripted } from './scripted-submission.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'

let contest: Contest
let whole: BenchmarkDeps
let dataset: JudgedDataset
let datasetSha256: string
let hotkeys = 0

/** Another account each time. */
const freshHotkey = (): string => addressOf(Buffer.alloc(32, ++hotkeys))

const perform = async (
  deps: BenchmarkDeps,
  context: BenchmarkRunContext,
  signal = new AbortController().signal,
): Promise<BenchmarkRun> =>
  await runTask(performRunTask, deps, context, {
    // The pauses between tries are short; time limits and graces are as they are.
    clock: {
      ...deps.clock,
      sleep: async (ms, stop) => await deps.clock.sleep(ms <= 5_000 ? 1 : ms, stop),
    },
    random: () => 0,
    logger: silentLogger,
    signal,
  })

const perfect: Script = async (params) =>
  await report(
    params,
    'patterns.jsonl',
    dataset.truth.patterns.map(({ id, patternType, addresses }) => ({
      pattern_id: id,
      pattern_type: patternType,
      addresses,
    })),
  )

const hasLeftovers = async (deps: BenchmarkDeps, runId: string): Promise<boolean> =>
  (await readdir(join(deps.workFolder, 'runs')).catch((): string[] => [])).includes(runId)

beforeAll(async () => {
  contest = await openContest()
  whole = {
    ...contest.deps,
    standalone: { datasetSeed: 'runs', datasetTransfers: 2_000, ruleSet: 'epoch', timeLimitMs: 10_000 },
  }
  const ready = await whole.datasets.ensure({
    contestSeed: 'runs',
    network: 'torus',
    processingDate: '2025-08-01',
    windowDays: 7,
    transfers: 2_000,
    signal: new AbortController().signal,
  })
  datasetSha256 = ready.sha256
  dataset = await readJudgedDataset(ready, new AbortController().signal)
}, 120_000)
afterAll(async () => await contest[Symbol.asyncDispose]())

describe('a run', () => {
  it(
    'is prepared, started, judged and stored; told again it is the same run',
    { timeout: 60_000 },
    async () => {
      const { deps, made, started } = scripted(whole, perfect)
      const { context, epoch } = await newEpoch(deps, { hotkey: freshHotkey() })
      const run = await perform(deps, context)
      const expected = dataset.truth.patterns.length
      expect(run).toMatchObject({
        status: 'completed',
        attempts: 1,
        sandbox: 'scripted',
        executionMs: 1_500,
        outcome: {
          kind: 'patterns',
          reported: expected,
          expected,
          found: expected,
          badData: 0,
          fabricated: 0,
        },
        features: null,
        errorMessage: null,
      })
      expect(started[0]).toMatchObject({
        name: `subnetkit-run-${run.runId}`,
        environment: {
          NETWORK: 'torus',
          WINDOW_DAYS: '7',
          PROCESSING_DATE: '2025-08-01',
          IMAGE_TYPE: 'analytics',
          INPUT_FOLDER: '/data/input',
          OUTPUT_FOLDER: '/data/output',
        },
        limits: { timeLimitMs: 10_000 },
      })
      expect(JSON.stringify(started[0]?.environment)).not.toContain('runs')
      const { minerOutputs } = deps.repositories
      const key = { minerDatabase: epoch.minerDatabaseName, runId: run.runId, limit: 1_000 }
      const { items: rows } = await minerOutputs.listPatterns(key)
      expect(rows.map(({ rowNumber }) => rowNumber)).toEqual(rows.map((_, at) => at + 1))
      expect(rows.every(({ isAccepted, plantedPattern }) => isAccepted && plantedPattern !== '')).toBe(true)
      const { items: planted } = await minerOutputs.listPlanted(key)
      expect(planted.map(({ isFound }) => isFound)).toEqual(planted.map(() => true))
      expect(planted).toHaveLength(expected)
      expect(await hasLeftovers(deps, run.runId)).toBe(false)
      expect(await perform(deps, context)).toEqual(run)
      expect({ ...made, starts: started.length }).toEqual({ builds: 1, clones: 1, starts: 1 })
    },
  )

  it('of two that are told at once is started once', { timeout: 60_000 }, async () => {
    const { deps, started } = scripted(whole, perfect)
    const { context } = await newEpoch(deps, { hotkey: freshHotkey() })
    const [one, two] = await Promise.all([perform(deps, context), perform(deps, context)])
    expect(one).toEqual(two)
    expect(started).toHaveLength(1)
  })

  it('of scores is judged account by account, with its features counted', { timeout: 60_000 }, async () => {
    const { truth, transfers } = dataset
    const { deps } = scripted(whole, async (params) => {
      const addresses = Array.from({ length: transfers.accounts }, (_, at) => transfers.addressOf(at))
      const rows = addresses.map((address) => ({ address, risk_score: truth.culprits.has(address) ? 1 : 0 }))
      await report(params, 'scores.jsonl', [...rows, { address: 'nobody', risk_score: 1 }, 'no row'])
      await report(params, 'features.jsonl', [{ address: 'a', degree: 1 }, { degree: 2 }])
      return { files: ['features.jsonl', 'scores.jsonl'] }
    })
    const { context, epoch } = await newEpoch(deps, { hotkey: freshHotkey(), imageType: 'ml' })
    const run = await perform(deps, context)
    expect(run).toMatchObject({
      status: 'completed',
      outcome: { kind: 'scores', coverage: 1, areaUnderCurve: 1, badData: 1, fabricated: 1 },
      features: { rows: 2, columns: 1, rowsWithoutAddress: 1 },
    })
    const { items } = await deps.repositories.minerOutputs.listScores({
      minerDatabase: epoch.minerDatabaseName,
      runId: run.runId,
      limit: 1_000,
    })
    const count = (wanted: string): number => items.filter(({ verdict }) => verdict === wanted).length
    expect(count('unknown_address')).toBe(1)
    expect(count('malformed')).toBe(1)
    expect(count('accepted')).toBe(transfers.accounts)
  })
})

describe('a submission at fault', () => {
  const ends: [string, Script, Partial<BenchmarkRun>, RegExp][] = [
    [
      'that crashes',
      async () => ({ files: [], exitCode: 3, log: 'Traceback\n\u001B[31mboom\n' }),
      { status: 'failed', exitCode: 3, outcome: null },
      /exit code 3 after 1\.5 s; it printed last: Traceback \| \[31mboom/,
    ],
    [
      'that hangs',
      async () => ({ files: [], end: 'timeout', exitCode: null }),
      { status: 'timeout', outcome: null },
      /stopped at the time limit/,
    ],
    [
      'that takes too much memory',
      async () => ({ files: [], end: 'out_of_memory', exitCode: null }),
      { status: 'failed', outcome: null },
      /more memory/,
    ],
    [
      'that writes nothing',
      async () => ({ files: [] }),
      { status: 'completed', outcome: null },
      /wrote no patterns\.jsonl/,
    ],
    [
      'that leaves a link, which its sandbox removed',
      async () => ({ files: [], refused: ['patterns.jsonl'] }),
      { status: 'completed', outcome: null },
      /is no regular file/,
    ],
    [
      'that hands in more misfits than any may',
      async (params) =>
        await report(
          params,
          'patterns.jsonl',
          Array.from({ length: 10_001 }, () => 'x'),
        ),
      { status: 'completed', outcome: null },
      /patterns\.jsonl was refused: output: holds more than 10,000 rows/,
    ],
  ]
  it.each(ends)('%s is told so', { timeout: 60_000 }, async (_name, script, facts, words) => {
    const { deps, started } = scripted(whole, script)
    const { context, epoch } = await newEpoch(deps, { hotkey: freshHotkey() })
    const run = await perform(deps, context)
    expect(run).toMatchObject(facts)
    expect(run.errorMessage).toMatch(words)
    const key = { minerDatabase: epoch.minerDatabaseName, runId: run.runId, limit: 10 }
    expect((await deps.repositories.minerOutputs.listPatterns(key)).items).toEqual([])
    await perform(deps, context)
    expect(started).toHaveLength(1)
  })

  it('whose tree the scanner refuses is never built or started', { timeout: 60_000 }, async () => {
    const { deps, made, started } = scripted(whole, perfect, { Dockerfile: 'FROM evil:latest\n' })
    const { context } = await newEpoch(deps, { hotkey: freshHotkey() })
    const run = await perform(deps, context)
    expect(run).toMatchObject({ status: 'failed', attempts: 0, outcome: null, executionMs: null })
    expect(run.errorMessage).toMatch(/^scan: Dockerfile/)
    expect({ builds: made.builds, starts: started.length }).toEqual({ builds: 0, starts: 0 })
  })

  it('may be forgiven a crash, but no time-out', { timeout: 60_000 }, async () => {
    const forgiving = { ...whole, runAttempts: 2 }
    const once = scripted(forgiving, async (params, start) =>
      start === 1 ? { files: [], exitCode: 1 } : await perfect(params, start),
    )
    const crashed = await newEpoch(once.deps, { hotkey: freshHotkey() })
    expect(await perform(once.deps, crashed.context)).toMatchObject({ status: 'completed', attempts: 2 })
    const hanging = scripted(forgiving, async () => ({ files: [], end: 'timeout', exitCode: null }))
    const hung = await newEpoch(hanging.deps, { hotkey: freshHotkey() })
    expect(await perform(hanging.deps, hung.context)).toMatchObject({ status: 'timeout', attempts: 1 })
  })

  it('cannot have the host read for it by a link that a faulty sandbox let through', async () => {
    const { deps } = scripted(
      whole,
      async (params) => await linkedReport(params, 'patterns.jsonl', '/etc/hostname'),
    )
    const { context } = await newEpoch(deps, { hotkey: freshHotkey() })
    await expect(perform(deps, context)).rejects.toThrow(/ELOOP/)
    expect(await deps.repositories.benchmarkRuns.find(context)).toMatchObject({ status: 'pending' })
  })
})

describe('a machine at fault', () => {
  it('tries again what may go better, and fails nobody', { timeout: 60_000 }, async () => {
    let left = 2
    const { deps, started } = scripted(whole, async (params, start) => {
      if (left-- > 0) throw new StorageError({ code: 'unavailable', message: 'the engine is away' })
      return await perfect(params, start)
    })
    const { context } = await newEpoch(deps, { hotkey: freshHotkey() })
    expect(await perform(deps, context)).toMatchObject({ status: 'completed', attempts: 3 })
    expect(started).toHaveLength(3)
  })

  it('that stays broken leaves the run pending', { timeout: 60_000 }, async () => {
    const { deps } = scripted(whole, async () => {
      throw new Error('a defect of ours')
    })
    const { context } = await newEpoch(deps, { hotkey: freshHotkey() })
    await expect(perform(deps, context)).rejects.toThrow('a defect of ours')
    expect(await deps.repositories.benchmarkRuns.find(context)).toMatchObject({
      status: 'pending',
      errorMessage: null,
      attempts: 1,
    })
  })

  it('that is stopped leaves the run pending, and the next try does it', { timeout: 60_000 }, async () => {
    const stop = new AbortController()
    const { deps } = scripted(whole, async (params, start) => {
      if (start > 1) return await perfect(params, start)
      stop.abort(new Error('Ctrl-C'))
      throw stop.signal.reason
    })
    const { context } = await newEpoch(deps, { hotkey: freshHotkey() })
    await expect(perform(deps, context, stop.signal)).rejects.toThrow('Ctrl-C')
    expect(await deps.repositories.benchmarkRuns.find(context)).toMatchObject({ status: 'pending' })
    expect(await perform(deps, context)).toMatchObject({ status: 'completed' })
  })

  it('never judges what a program left of another dataset, and starts none whose end it knows', async () => {
    const ended: EndedRun = {
      datasetSha256,
      sandbox: 'scripted',
      faults: 1,
      end: 'exited',
      exitCode: 7,
      executionMs: 20,
      memoryPeakBytes: null,
      outputBytes: 0,
      files: [],
      refused: [],
      log: '',
    }
    const startsAfter = async (kept: EndedRun): Promise<{ starts: number; status: string }> => {
      const { deps, started } = scripted(whole, perfect)
      const { context } = await newEpoch(deps, { hotkey: freshHotkey() })
      await writeJsonFile(runPaths(deps.workFolder, runIdOf(runKeyOf(context))).ended, kept)
      const { status } = await perform(deps, context)
      return { starts: started.length, status }
    }
    expect(await startsAfter(ended)).toEqual({ starts: 0, status: 'failed' })
    const other = { ...ended, datasetSha256: 'f'.repeat(64) }
    expect(await startsAfter(other)).toEqual({ starts: 1, status: 'completed' })
  })
})

describe('a process that is killed before or after any call', () => {
  it(
    'leaves a run that the next try finishes with the same rows; a program that ended is not started again',
    { timeout: isSoak ? 600_000 : 120_000 },
    async () => {
      const reference = scripted(whole, perfect)
      const { context: first, epoch: firstEpoch } = await newEpoch(reference.deps, { hotkey: freshHotkey() })
      const uncut = killedAt(reference.deps, Number.POSITIVE_INFINITY, 'before')
      const wanted = await perform(uncut.deps, first)
      const { minerOutputs } = whole.repositories
      const rowsOf = async (minerDatabase: typeof firstEpoch.minerDatabaseName, runId: string) =>
        (await minerOutputs.listPatterns({ minerDatabase, runId, limit: 1_000 })).items.map((row) => ({
          ...row,
          runId: '',
        }))
      const wantedRows = await rowsOf(firstEpoch.minerDatabaseName, wanted.runId)
      expect(uncut.calls).toContain('sandbox.run')
      expect(uncut.calls.length).toBeGreaterThan(15)
      const stride = isSoak ? 1 : 8
      for (const when of ['before', 'after'] as const) {
        for (let at = when === 'before' ? 0 : 1; at < uncut.calls.length; at += stride) {
          const { deps, made, started } = scripted(whole, perfect)
          const { context, epoch } = await newEpoch(deps, { hotkey: freshHotkey() })
          const cut = killedAt(deps, at, when)
          await expect(perform(cut.deps, context)).rejects.toThrow(KilledError)
          const run = await perform(deps, context)
          const place = `${when} ${uncut.calls[at] ?? ''}`
          expect({ place, outcome: run.outcome, status: run.status }).toEqual({
            place,
            outcome: wanted.outcome,
            status: 'completed',
          })
          expect(await rowsOf(epoch.minerDatabaseName, run.runId)).toEqual(wantedRows)
          const isCutInRun = place === 'after sandbox.run'
          expect({ place, starts: started.length, ...made }).toEqual({
            place,
            starts: isCutInRun ? 2 : 1,
            builds: 1,
            clones: 1,
          })
          expect(await hasLeftovers(deps, run.runId)).toBe(false)
        }
      }
    },
  )
})
