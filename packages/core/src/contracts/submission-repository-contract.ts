import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { imageTypes } from '../models/image-type.ts'
import { submissionStatuses, type Submission, type SubmissionStatus } from '../models/submission.ts'
import type { SubmissionRepository } from '../repositories/submission-repository.ts'
import { buildSubmission } from './benchmark-builders.ts'
import { currentRowsContract, type TwoWriters } from './current-rows-contract.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { nastyInstants, nastyTexts } from './nasty-values.ts'
import { expectInvalid, readPages } from './sample-suite.ts'
import { newHotkey } from './weight-record-builders.ts'

const later = new Date('2026-03-01T00:00:00.001Z')

/** Everything that an implementation of {@link SubmissionRepository} must hold, on a real engine that others leave alone. */
export function submissionRepositoryContract(
  options: RepositoryContractOptions<TwoWriters<SubmissionRepository>>,
): void {
  describe('submission repository contract', () => {
    let submissions: SubmissionRepository
    let store: TwoWriters<SubmissionRepository>
    beforeAll(async () => {
      store = await options.setup()
      submissions = store.repository
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    currentRowsContract<Submission, SubmissionRepository>(
      {
        name: 'submissions',
        build: buildSubmission,
        put: async (repository, submission, call) => repository.put({ submission }, call),
        find: async (repository, key, call) => repository.find(key, call),
        get: async (repository, key) => repository.get(key),
        kept: [
          ...submissionStatuses.map((status) => [`when it is ${status}`, { status }] as const),
          ...nastyTexts
            .filter((text) => text !== '')
            .map((text) => [`with the reason ${JSON.stringify(text)}`, { validationError: text }] as const),
          ...nastyInstants.map((at) => [at.toISOString(), { registeredAt: at, lastUpdatedAt: at }] as const),
          ['of a folder', { repository: 'file:///tmp/a%20b' }],
          ['of the longest reason', { validationError: 'é'.repeat(2_000) }],
          ['of a hotkey of 64', { hotkey: 'z'.repeat(64) }],
        ],
        refused: [
          ['a hotkey with a quote', { hotkey: "a'b" }],
          ['a hotkey of 65', { hotkey: 'a'.repeat(65) }],
          ['half a commit', { commit: 'ab'.repeat(10) }],
          ['a branch for a commit', { commit: 'main' }],
          ['a repository with a password', { repository: 'https://me:secret@example.org/a.git' }],
          ['a repository over ssh', { repository: 'ssh://example.org/a.git' }],
          ['an empty reason', { validationError: '' }],
          ['a reason with half a surrogate pair', { validationError: '\ud800' }],
          ['a registration at no time', { registeredAt: new Date(Number.NaN) }],
        ],
        change: { status: 'failed', validationError: 'It did not build.', lastUpdatedAt: later },
        siblings: [
          ['type', { imageType: 'ml' }],
          ['hotkey', { hotkey: newHotkey() }],
        ],
        nonsense: (repository, { imageType }) => [
          async () => repository.find({ hotkey: "a'b", imageType }),
          async () => repository.get({ hotkey: '', imageType }),
          async () => repository.list({ limit: 0 }),
          async () => repository.list({ limit: 10_001 }),
          async () => repository.list({ limit: 1, cursor: 'bm9uc2Vuc2U' }),
        ],
      },
      () => store,
    )

    it('lists by registration, hotkey and type, with any page size', async () => {
      const [first, second, third] = [newHotkey(), newHotkey(), newHotkey()]
      const at = new Date('2001-01-01T00:00:00.000Z')
      const early = new Date(at.getTime() - 1)
      const expected = [
        buildSubmission({ hotkey: third, registeredAt: early, status: 'pending' }),
        ...[first, second, third].flatMap((hotkey) =>
          imageTypes
            .filter((imageType) => hotkey !== third || imageType === 'ml')
            .map((imageType) => buildSubmission({ hotkey, imageType, registeredAt: at, status: 'disabled' })),
        ),
      ]
      for (const submission of expected.toReversed()) await submissions.put({ submission })
      const mine = new Set([first, second, third])
      const read = async (
        wanted: Partial<Pick<Submission, 'imageType' | 'status'>>,
        limit: number,
      ): Promise<readonly Submission[]> =>
        (await readPages(async (page) => submissions.list({ ...wanted, ...page }), limit)).filter(
          ({ hotkey }) => mine.has(hotkey),
        )
      for (const limit of [2, 10_000]) expect(await read({}, limit)).toStrictEqual(expected)
      expect(await read({ imageType: 'ml' }, 2)).toStrictEqual(
        expected.filter(({ imageType }) => imageType === 'ml'),
      )
      expect(await read({ status: 'pending' }, 2)).toStrictEqual(expected.slice(0, 1))
      expect(await read({ status: 'disabled', imageType: 'analytics' }, 1)).toStrictEqual(
        expected.slice(1).filter(({ imageType }) => imageType === 'analytics'),
      )
      expect(await read({ status: 'failed' }, 9)).toStrictEqual([])
    })

    it('changes status and reason of one submission and nothing else', async () => {
      const submission = buildSubmission()
      const other = { ...submission, imageType: 'ml' } as const
      await submissions.put({ submission })
      await submissions.put({ submission: other })
      const set = async (status: SubmissionStatus, validationError: string | null, now: Date) =>
        submissions.setStatus({ ...keyOf(submission), status, validationError, now })
      const failed = await set('failed', 'The Dockerfile is missing.', later)
      expect(failed).toStrictEqual({
        ...submission,
        status: 'failed',
        validationError: 'The Dockerfile is missing.',
        lastUpdatedAt: later,
      })
      expect(await submissions.find(submission)).toStrictEqual(failed)
      expect(await submissions.find(other)).toStrictEqual(other)
      expect(await set('active', null, submission.lastUpdatedAt)).toStrictEqual(submission)
      expect(await submissions.find(submission)).toStrictEqual(submission)
    })

    it('refuses to change what is not known, and reasons that cannot be', async () => {
      const submission = buildSubmission()
      const change = { status: 'failed', validationError: 'x', now: later } as const
      await expect(submissions.setStatus({ ...keyOf(submission), ...change })).rejects.toMatchObject({
        code: 'not_found',
      })
      expect(await submissions.find(submission)).toBeNull()
      await submissions.put({ submission })
      await expectInvalid(
        submissions.setStatus({ ...keyOf(submission), ...change, validationError: 'x'.repeat(2_001) }),
      )
      await expectInvalid(
        submissions.setStatus({ ...keyOf(submission), ...change, now: new Date(Number.NaN) }),
      )
      expect(await submissions.find(submission)).toStrictEqual(submission)
    })
  })
}

function keyOf({ hotkey, imageType }: Submission): Pick<Submission, 'hotkey' | 'imageType'> {
  return { hotkey, imageType }
}
