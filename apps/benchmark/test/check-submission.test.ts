import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { silentLogger } from '@subnetkit/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openGitSource } from '../src/adapters/git/open-git-source.ts'
import { openDatasetStore } from '../src/adapters/open-dataset-store.ts'
import { ownRepositoryUrl } from '../src/adapters/own-work-tree.ts'
import { checkText } from '../src/commands/check-text.ts'
import { readConfig } from '../src/config.ts'
import { type CheckedSubmission, checkSubmission } from '../src/tasks/check/check-submission.ts'
import { type CastMember, readCast } from './cast.ts'
import { inProcessLocks } from './in-process-locks.ts'
import { commitAll, makeSubmissionRepository } from './make-submission-repository.ts'
import { sandboxesUnderTest, type StartedSandbox, startSandbox } from './sandbox-engines.ts'

const { signal } = new AbortController()
const MIB = 1024 * 1024
const SLOW_MS = 180_000

const under = sandboxesUnderTest.find(({ name }) => name === 'bubblewrap')

describe.skipIf(under?.isThere !== true)('a check of one’s own submission [needs bubblewrap]', () => {
  let started: StartedSandbox
  let cast: readonly CastMember[] = []

  beforeAll(async () => {
    if (under === undefined) throw new RangeError('no bubblewrap to be tested')
    started = await startSandbox(under, tmpdir())
    cast = await readCast()
  }, SLOW_MS)

  afterAll(async () => {
    await started.sandbox.close()
    await started.close()
  })

  async function checked(name: string, timeLimitMs = 60_000): Promise<CheckedSubmission> {
    const member = cast.find((candidate) => candidate.name === name)
    if (member === undefined) throw new RangeError(`${name} is not in the cast`)
    const { repository } = await makeSubmissionRepository(member, join(started.place, 'repositories'))
    const { limits } = readConfig({}, started.place)
    const datasets = openDatasetStore({
      folder: join(started.place, 'worlds'),
      locks: inProcessLocks(),
      now: () => 0,
    })
    return await checkSubmission(
      {
        sandbox: started.sandbox,
        source: await openGitSource({ isLocalAllowed: true, log: silentLogger }),
        reviewer: null,
        datasets,
        limits: { ...limits, fileBytes: 8 * MIB, outputBytes: 16 * MIB },
      },
      {
        repository,
        commit: null,
        imageType: 'analytics',
        seed: 'check',
        network: 'torus',
        processingDate: '2025-08-01',
        windowDays: 30,
        transfers: 7_000,
        timeLimitMs,
        ruleSet: 'epoch',
      },
      { progress: () => {}, signal },
    )
  }

  it(
    'runs an honest one to its score, and says what it found',
    async () => {
      const result = await checked('honest-good')
      expect(result).toMatchObject({ step: 'passed', problem: null, findings: [], sandbox: 'bubblewrap' })
      expect(result.run).toMatchObject({ end: 'exited', exitCode: 0, files: ['patterns.jsonl'] })
      expect(result.judgement?.outcome).toMatchObject({ badData: 0, fabricated: 0 })
      const text = checkText(result)
      expect(text).toContain('This submission works.')
      expect(text).toMatch(/cycle +│ \d+ +│ \d+ +│ \d+/)
      expect(text).toContain('Score by the rules "epoch"')
    },
    SLOW_MS,
  )

  it(
    'names the line that the scanner refuses, and starts nothing',
    async () => {
      const result = await checked('obfuscated')
      expect(result).toMatchObject({ step: 'scan', run: null, judgement: null })
      expect(checkText(result)).toMatch(/main\.mjs:\d+: it runs code that it builds from text/)
    },
    SLOW_MS,
  )

  it(
    'shows a thief nothing',
    async () => {
      const result = await checked('reader')
      expect(result.run?.log).toContain('nothing to be seen')
      expect(result.judgement?.outcome).toMatchObject({ reported: 0 })
    },
    SLOW_MS,
  )

  it(
    'counts nothing that is written after the end',
    async () => {
      const result = await checked('late-writer')
      expect(result.judgement?.outcome).toMatchObject({ reported: 0, found: 0 })
    },
    SLOW_MS,
  )

  it(
    'ends what does not end, and what writes without end',
    async () => {
      const hanging = await checked('hanging', 2_000)
      expect(hanging).toMatchObject({ step: 'run', run: { end: 'timeout' }, judgement: null })
      expect(hanging.problem).toContain('stopped at the time limit')
      const bomb = await checked('output-bomb', 30_000)
      expect(bomb).toMatchObject({ step: 'run', judgement: null })
    },
    SLOW_MS,
  )
})

describe('one’s own folder', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'own-work-tree-'))
  })
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  it('is a URL when all of it is committed, and refused when the check would judge something else', async () => {
    const own = join(folder, 'own')
    await mkdir(join(own, 'inner'), { recursive: true })
    await writeFile(join(own, 'inner', 'main.mjs'), '')
    await expect(ownRepositoryUrl(own, signal)).rejects.toThrow(/no git repository/)
    await commitAll(own)
    expect(await ownRepositoryUrl(own, signal)).toBe(pathToFileURL(own).href)
    await expect(ownRepositoryUrl(join(own, 'inner'), signal)).rejects.toThrow('not the root')
    await writeFile(join(own, 'new.mjs'), '')
    await writeFile(join(own, 'inner', 'main.mjs'), 'changed')
    await expect(ownRepositoryUrl(own, signal)).rejects.toThrow(/not committed: inner\/main\.mjs, new\.mjs/)
  })

  it('is none where the text names no folder', async () => {
    expect(await ownRepositoryUrl('https://example.invalid/miner/detector.git', signal)).toBeNull()
  })
})
