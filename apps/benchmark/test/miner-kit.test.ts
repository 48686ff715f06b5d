import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { checkHotkey } from '@subnetkit/core/ss58'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openDatasetStore } from '../src/adapters/open-dataset-store.ts'
import type { ReadyDataset } from '../src/ports/dataset-store.ts'
import { scanSubmission } from '../src/scanner/scan-submission.ts'
import { judgePractice, type PracticeJudgement } from '../src/tasks/check/judge-practice.ts'
import { type JudgedDataset, readJudgedDataset } from '../src/validation/read-judged-dataset.ts'
import { type CastMember, hotkeyOf, readCast, writeSubmission } from './cast.ts'
import { inProcessLocks } from './in-process-locks.ts'
import { makeSubmissionRepository } from './make-submission-repository.ts'

const run = promisify(execFile)
const kit = join(import.meta.dirname, '..', 'miner-kit')
const { signal } = new AbortController()
const cast = await readCast()
const written = cast.filter(({ base }) => base !== 'aml-miner')

/** Those that may be started as a plain process of this machine: they end by themselves and touch their output only. */
const harmless = 'honest-good honest-weak lazy lazy-constant mega-pattern guesser fabricator'.split(' ')

const day = { network: 'torus', processingDate: '2025-08-01', windowDays: 30 } as const
let folder = ''
let ready: ReadyDataset
let dataset: JudgedDataset

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'miner-kit-test-'))
  // Programs find the packages of the base image where a validator's image has them: in a folder above.
  await symlink(join(import.meta.dirname, '..', 'node_modules'), join(folder, 'node_modules'))
  const datasets = openDatasetStore({ folder: join(folder, 'worlds'), locks: inProcessLocks(), now: () => 0 })
  ready = await datasets.ensure({ ...day, contestSeed: 'miner-kit', transfers: 20_000, signal })
  dataset = await readJudgedDataset(ready, signal)
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** Runs a program on the world and judges what it wrote. */
async function judged(
  name: string,
  program: string,
  imageType: 'analytics' | 'ml',
): Promise<PracticeJudgement> {
  const outputFolder = join(folder, `${name}-output`)
  await mkdir(outputFolder)
  await run(process.execPath, [join(program, 'main.mjs')], {
    env: { INPUT_FOLDER: ready.snapshotFolder, OUTPUT_FOLDER: outputFolder },
    timeout: 60_000,
  })
  return await judgePractice({
    ...day,
    imageType,
    dataset,
    outputFolder,
    executionMs: 1_000,
    timeLimitMs: 60_000,
    ruleSet: 'epoch',
    signal,
  })
}

async function writtenMember(name: string): Promise<string> {
  const program = join(folder, 'programs', name)
  await writeSubmission(memberOf(name), program)
  return program
}

describe('the templates of the miner kit', () => {
  it('find planted patterns, and report nothing that is not of the world', async () => {
    await cp(join(kit, 'patterns'), join(folder, 'patterns'), { recursive: true })
    const { outcome, score, families } = await judged('patterns', join(folder, 'patterns'), 'analytics')
    expect(outcome).toMatchObject({ kind: 'patterns', badData: 0, fabricated: 0 })
    expect(outcome?.kind === 'patterns' ? outcome.found : 0).toBeGreaterThanOrEqual(1)
    expect(score?.finalScore).toBeGreaterThan(0)
    const reported = families.reduce((sum, family) => sum + family.reported, 0)
    expect(reported).toBe(outcome?.reported)
  })

  it('score every account, better than chance', async () => {
    await cp(join(kit, 'scores'), join(folder, 'scores'), { recursive: true })
    const { outcome, score } = await judged('scores', join(folder, 'scores'), 'ml')
    expect(outcome).toMatchObject({ kind: 'scores', coverage: 1, badData: 0, fabricated: 0 })
    expect(outcome?.kind === 'scores' ? outcome.areaUnderCurve : 0).toBeGreaterThan(0.53)
    expect(score?.finalScore).toBeGreaterThan(0.05)
  })
})

describe('the cast of a week', () => {
  it('has places without gaps, each name once, and a hotkey of its own for each', () => {
    const places = cast.flatMap(({ expected }) => (expected.place === null ? [] : [expected.place]))
    expect(places).toEqual([1, 2, 3])
    expect(new Set(cast.map(({ name }) => name)).size).toBe(cast.length)
    const hotkeys = cast.map(({ name }) => hotkeyOf(name))
    for (const hotkey of hotkeys) checkHotkey('hotkey', hotkey)
    expect(new Set(hotkeys).size).toBe(cast.length)
  })

  it('commits the same everywhere, and the copycat another commit of the same files', async () => {
    const [good, copy] = cast.filter(({ name }) => name === 'honest-good' || name === 'copycat')
    if (good === undefined || copy === undefined) throw new RangeError('the cast is not complete')
    const first = await makeSubmissionRepository(good, join(folder, 'first'))
    const again = await makeSubmissionRepository(good, join(folder, 'again'))
    const copied = await makeSubmissionRepository(copy, join(folder, 'copied'))
    expect(again.commit).toBe(first.commit)
    expect(copied.commit).not.toBe(first.commit)
    const trees = [first, copied].map(async ({ folder: place }) => {
      const { stdout } = await run('git', ['-C', place, 'rev-parse', 'HEAD^{tree}'])
      return stdout
    })
    expect(await trees[1]).toBe(await trees[0])
    expect(copied.hotkey).not.toBe(first.hotkey)
  })

  it.each(written.map(({ name, expected }) => [name, expected.outcome === 'refused'] as const))(
    'the scanner judges %s; refused: %s',
    async (name, isRefused) => {
      const tree = join(folder, 'scanned', name)
      await writeSubmission(memberOf(name), tree)
      const baseImages = ['subnetkit/node:1']
      const report = await scanSubmission({ tree, baseImages, reviewer: null, isRunAllowed: false, signal })
      expect(report.isAccepted).toBe(!isRefused)
      const reason = memberOf(name).expected.reason ?? ''
      if (isRefused) {
        expect(report.findings.map(({ message }) => message).join('; ')).toMatch(new RegExp(reason, 'i'))
      }
    },
  )

  it('earns what justice asks for, as far as it may run unguarded', async () => {
    const earned = new Map<string, PracticeJudgement>()
    for (const name of harmless) earned.set(name, await judged(name, await writtenMember(name), 'analytics'))
    const scoreOf = (name: string): number => earned.get(name)?.score?.finalScore ?? Number.NaN
    expect(scoreOf('honest-good')).toBeGreaterThan(0)
    expect(scoreOf('honest-good')).toBeGreaterThan(scoreOf('honest-weak'))
    for (const name of ['lazy', 'lazy-constant', 'mega-pattern', 'guesser']) expect(scoreOf(name)).toBe(0)
    expect(earned.get('guesser')?.outcome?.reported).toBeGreaterThan(9_000)
    expect(earned.get('fabricator')?.score).toMatchObject({ finalScore: 0 })
    expect(earned.get('fabricator')?.score?.disqualification).toMatch(
      new RegExp(memberOf('fabricator').expected.reason ?? '', 'i'),
    )
  }, 120_000)

  it('crashes where it should', async () => {
    for (const name of ['crashing', 'crash-fast']) {
      await expect(judged(name, await writtenMember(name), 'analytics')).rejects.toMatchObject({ code: 1 })
    }
  })
})

function memberOf(name: string): CastMember {
  const member = cast.find((candidate) => candidate.name === name)
  if (member === undefined) throw new RangeError(`${name} is not in the cast`)
  return member
}
