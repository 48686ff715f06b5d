import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import type { BenchmarkRun } from '@subnetkit/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type BundledProgram, bundleProgram } from '../../../packages/core/test/bundle-program.ts'
import type { WeekReport, WeekRow } from '../src/week/week-report.ts'
import { hotkeyOf, readCast } from './cast.ts'
import { type ContestStore, openContestStore } from './fixtures/contest-store.ts'
import { logged, type Machine, startMachine } from './fixtures/machine.ts'
import { hasRedis, startRedis, type TestRedis } from './fixtures/redis-server.ts'
import { makeSubmissionRepository } from './make-submission-repository.ts'
import { sandboxesUnderTest } from './sandbox-engines.ts'

/**
 * A week as an operator has it done by several machines: one Redis, one store, two workers whose data folders are their own.
 * One of them is killed while a program runs; the table must be what one process alone gives.
 */

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const DAYS = isSoak ? 2 : 1
const WEEK_MS = isSoak ? 900_000 : 400_000
/** The first one wins; the last one is what a machine is killed at: it never ends before its time is over. */
const NAMES = [...(isSoak ? ['honest-good', 'lazy', 'crash-fast'] : []), 'honest-weak', 'slow']
const VICTIM = hotkeyOf('slow')

const hasBubblewrap = sandboxesUnderTest.some(({ name, isThere }) => name === 'bubblewrap' && isThere)

describe.skipIf(!hasRedis || !hasBubblewrap)(
  'a week on two machines [needs redis] [needs bubblewrap]',
  () => {
    let program: BundledProgram
    let redis: TestRedis
    let store: ContestStore
    let folder = ''
    const machines: Machine[] = []

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'benchmark-machines-'))
      ;[program, redis, store] = await Promise.all([
        bundleProgram(join(import.meta.dirname, '..')),
        startRedis(),
        openContestStore(),
      ])
      const cast = await readCast()
      const miners = []
      for (const member of NAMES.flatMap((name) => cast.filter((one) => one.name === name))) {
        const { commit, hotkey, repository } = await makeSubmissionRepository(
          member,
          join(folder, 'submitted'),
        )
        miners.push({ name: member.name, hotkey, repository, commit })
      }
      await writeFile(join(folder, 'miners.json'), JSON.stringify(miners))
    }, 120_000)

    afterAll(async () => {
      for (const { child } of machines) child.kill('SIGKILL')
      await Promise.all(machines.map(async ({ ended }) => await ended))
      await store[Symbol.asyncDispose]()
      await redis[Symbol.asyncDispose]()
      await program[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    }, 120_000)

    function start(machine: string, args: readonly string[], isShared: boolean): Machine {
      const started = startMachine({
        main: program.main,
        args: [...args, '--allow-local', '--sandbox', 'bubblewrap'],
        dataFolder: join(folder, machine),
        environment: { CLICKHOUSE_URL: store.url, ...(isShared ? { REDIS_URL: redis.url } : {}) },
      })
      machines.push(started)
      return started
    }

    const runsFolder = (machine: string): string =>
      join(folder, machine, 'benchmark', 'sandbox', 'bubblewrap', 'runs')

    function startWeek(name: string, isShared: boolean): Machine {
      const world = [
        '--networks',
        'torus',
        '--windows',
        '30',
        '--transfers',
        '5000',
        '--seed',
        'what many machines are asked',
      ]
      const days = ['--start-date', '2025-08-01', '--days', String(DAYS), '--baseline', 'none']
      const who = ['--miners', join(folder, 'miners.json'), '--time-limit', isSoak ? '20' : '10']
      return start(name, ['week', '--json', '--name', name, ...world, ...days, ...who], isShared)
    }

    async function reportOf(week: Machine): Promise<WeekReport> {
      const { code, stdout } = await week.ended
      expect({ code, log: code === 0 ? [] : week.log.slice(-5) }).toEqual({ code: 0, log: [] })
      const report: WeekReport = JSON.parse(stdout)
      return report
    }

    /** Waits for the machine that begins the victim's run, and kills it when the program has begun. */
    async function killAtVictim(workers: readonly Machine[]): Promise<Machine> {
      const isRun = (line: string): boolean => isRunOf(line, VICTIM)
      const killed = await Promise.any(
        workers.map(async (worker) => {
          await logged(worker, isRun)
          return worker
        }),
      )
      const runsNow = async (): Promise<boolean> =>
        (await runsOf('shared')).some(({ hotkey, status }) => hotkey === VICTIM && status === 'running')
      while (!(await runsNow())) await sleep(250)
      killed.child.kill('SIGKILL')
      await killed.ended
      return killed
    }

    async function runsOf(tournament: string): Promise<readonly BenchmarkRun[]> {
      const { benchmarkRuns, tournaments } = store.repositories
      const { items } = await tournaments.list({ limit: 10 })
      const tournamentId = items.find(({ name }) => name === tournament)?.tournamentId
      if (tournamentId === undefined) return []
      const page = await benchmarkRuns.list({ imageType: 'analytics', tournamentId, limit: 1_000 })
      return page.items
    }

    it(
      'gives the table of one process, although a machine dies in a run',
      async () => {
        const alone = await reportOf(startWeek('alone', false))
        const shared = startWeek('shared', true)
        await logged(shared, (line) => line.includes('no worker is connected'))
        const workers = ['one', 'two'].map((machine) => start(machine, ['worker'], true))
        const killed = await killAtVictim(workers)
        const report = await reportOf(shared)
        expect(report.rows.map(timeless)).toEqual(alone.rows.map(timeless))
        expect(report.rows.find(({ rank }) => rank === 1)).toMatchObject({
          name: NAMES[0],
          found: expect.any(Number),
        })
        expect(report.rows[0]?.finalScore).toBeGreaterThan(0)

        const runs = await runsOf('shared')
        expect(runs).toHaveLength(NAMES.length * DAYS)
        // One more try for what was killed; everything else was done once.
        expect(runs.filter(({ attempts }) => attempts === 2).map(({ hotkey }) => hotkey)).toEqual([VICTIM])
        expect(runs.filter(({ attempts }) => attempts === 1)).toHaveLength(runs.length - 1)

        const survivor = workers.find((worker) => worker !== killed)
        if (survivor === undefined) throw new RangeError('both were killed')
        expect(survivor.log.some((line) => isRunOf(line, VICTIM))).toBe(true)
        survivor.child.kill('SIGTERM')
        expect(await survivor.ended).toEqual({ stdout: 'stopped\n', code: 0 })
        // Each machine made what it needed itself.
        for (const machine of ['one', 'two']) {
          expect(await readdir(join(folder, machine, 'benchmark', 'datasets'))).toHaveLength(1)
          expect(await readdir(join(folder, machine, 'benchmark', 'work', 'trees'))).not.toEqual([])
        }
        // What the dead machine left on its disk goes when it is started again.
        const again = start(workers[0] === killed ? 'one' : 'two', ['worker'], true)
        await logged(again, (line) => line.includes('"msg":"working"'))
        expect(await readdir(runsFolder(killed === workers[0] ? 'one' : 'two'))).toEqual([])
        again.child.kill('SIGTERM')
        expect(await again.ended).toEqual({ stdout: 'stopped\n', code: 0 })
      },
      WEEK_MS,
    )
  },
)

/** Whether a log tells that a run of this hotkey begins. */
function isRunOf(line: string, hotkey: string): boolean {
  return line.includes('"task":"benchmark-run"') && line.includes('"context"') && line.includes(hotkey)
}

/** A row without what the clock decides. */
function timeless({ reason, ...row }: WeekRow): Omit<WeekRow, 'reason'> & { readonly why: string | null } {
  return { ...row, why: reason?.replaceAll(/\d+\.\d s/g, 'some seconds') ?? null }
}
