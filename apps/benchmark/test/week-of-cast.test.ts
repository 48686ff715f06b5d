import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type BundledProgram, bundleProgram } from '../../../packages/core/test/bundle-program.ts'
import type { WeekReport, WeekRow } from '../src/week/week-report.ts'
import { type CastMember, readCast, strongSubmission } from './cast.ts'
import { makeSubmissionRepository } from './make-submission-repository.ts'
import { sandboxesUnderTest } from './sandbox-engines.ts'

/**
 * The whole week, as an operator runs it: one command, from repositories to ranks, with every submission of the cast, in
 * the sandbox. It is killed in the middle, and goes on.
 */

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const DAYS = isSoak ? 2 : 1
const WEEK_MS = isSoak ? 1_200_000 : 400_000
const SEED = 'what the cast will be asked'
/** Killed after this many runs of the first day. */
const RUNS_BEFORE_KILL = 5

const under = sandboxesUnderTest.find(({ name }) => name === 'bubblewrap')

describe.skipIf(under?.isThere !== true)('a week with the whole cast [needs bubblewrap]', () => {
  let program: BundledProgram
  let folder = ''
  let cast: readonly CastMember[] = []
  let report: WeekReport

  beforeAll(async () => {
    await access(strongSubmission).catch((cause: unknown) => {
      throw new RangeError(`${strongSubmission} is not built: run "npx tsup" in apps/aml-miner`, { cause })
    })
    folder = await mkdtemp(join(tmpdir(), 'subnetkit-week-'))
    program = await bundleProgram(join(import.meta.dirname, '..'))
    cast = await readCast()
    const miners = []
    for (const member of cast) {
      const { commit, hotkey, repository } = await makeSubmissionRepository(
        member,
        join(folder, 'repositories'),
      )
      miners.push({ name: member.name, hotkey, repository, commit })
    }
    await writeFile(join(folder, 'miners.json'), JSON.stringify(miners))
    await killedAfter(RUNS_BEFORE_KILL)
    report = await finishedWeek()
  }, WEEK_MS)

  afterAll(async () => {
    await program[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  })

  function startWeek(): ChildProcess {
    const args = [
      'week',
      '--json',
      '--name',
      'cast',
      '--miners',
      join(folder, 'miners.json'),
      '--allow-local',
    ]
    const world = ['--networks', 'torus', '--windows', '30', '--transfers', '30000', '--seed', SEED]
    const days = ['--start-date', '2025-08-01', '--days', String(DAYS), '--baseline', 'none']
    const how = ['--sandbox', 'bubblewrap', '--time-limit', isSoak ? '60' : '25', '--workers', '2']
    return spawn(process.execPath, [program.main, ...args, ...world, ...days, ...how], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], SUBNETKIT_DATA: join(folder, 'data'), LOG_LEVEL: 'info' },
    })
  }

  /** Ends a week with SIGKILL when its log says that so many runs are over. */
  async function killedAfter(runs: number): Promise<void> {
    const child = startWeek()
    child.stdout?.resume()
    if (child.stderr === null) throw new RangeError('the log of the week is not piped')
    const exited = once(child, 'exit')
    const last: string[] = []
    let done = 0
    for await (const line of createInterface({ input: child.stderr })) {
      last.push(line)
      if (line.includes('"task":"benchmark-run"') && line.includes('"outcome":"completed"')) done++
      if (done >= runs) break
    }
    expect({ done, last: done === runs ? [] : last.slice(-10) }).toEqual({ done: runs, last: [] })
    child.kill('SIGKILL')
    await exited
  }

  async function finishedWeek(): Promise<WeekReport> {
    const child = startWeek()
    const closed = once(child, 'close')
    const [stdout, stderr] = await Promise.all(
      [child.stdout, child.stderr].map(async (stream) => (stream === null ? '' : await text(stream))),
    )
    await closed
    expect({ code: child.exitCode, stderr: child.exitCode === 0 ? '' : stderr?.slice(-3_000) }).toEqual({
      code: 0,
      stderr: '',
    })
    const document: WeekReport = JSON.parse(stdout ?? '')
    return document
  }

  function rowOf(name: string): WeekRow {
    const row = report.rows.find((candidate) => candidate.name === name)
    if (row === undefined) throw new RangeError(`${name} has no row`)
    return row
  }

  it('goes on where it was killed', () => {
    expect(report.found).toMatchObject({ isTournamentNew: false, participants: cast.length })
    expect(report.found.runs).toBeGreaterThanOrEqual(RUNS_BEFORE_KILL)
    expect(report.sandbox).toBe('bubblewrap')
    expect(report.rows).toHaveLength(cast.length)
  })

  it('ends in the ranks that justice asks for', () => {
    const outcomeOf = ({ finalScore, reason, status }: WeekRow): string => {
      if (status === 'failed') return reason?.startsWith('copy: ') === true ? 'copy' : 'refused'
      if (status === 'disqualified') return status
      return finalScore > 0 ? 'ranked' : 'nothing'
    }
    const outcomes = cast.map(({ name }) => ({ name, outcome: outcomeOf(rowOf(name)) }))
    expect(outcomes).toEqual(cast.map(({ name, expected }) => ({ name, outcome: expected.outcome })))
    const ranked = cast.filter(({ expected }) => expected.outcome === 'ranked')
    expect(ranked.length).toBeGreaterThanOrEqual(3)
    for (const { name, expected } of ranked) {
      const { finalScore } = rowOf(name)
      const better = ranked.filter(({ name: other }) => rowOf(other).finalScore > finalScore)
      // Who is equal to the one before may come before it.
      expect({ name, better: better.length < (expected.place ?? 0) }).toEqual({ name, better: true })
    }
    expect(rowOf('honest-strong').finalScore).toBeGreaterThan(rowOf('honest-good').finalScore)
    expect(rowOf('honest-good').finalScore).toBeGreaterThan(rowOf('honest-weak').finalScore)
    expect(rowOf('copycat').reason).toContain(rowOf('honest-good').hotkey)
    expect(report.winnerHotkey).toBe(rowOf('honest-strong').hotkey)
  })

  it('tells everybody who earned nothing why', () => {
    for (const { name, expected } of cast) {
      const { reason } = rowOf(name)
      if (expected.reason === null) expect({ name, reason }).toEqual({ name, reason: null })
      else
        expect({ name, reason }).toEqual({
          name,
          reason: expect.stringMatching(new RegExp(expected.reason, 'iu')),
        })
    }
  })

  it(
    'tells the same again when it is over',
    async () => {
      const again = await finishedWeek()
      expect(again.rows).toEqual(report.rows)
      expect(again.datasetSeed).toBe(SEED)
      expect(again.found.days).toHaveLength(DAYS)
    },
    WEEK_MS,
  )
})
