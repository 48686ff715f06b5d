import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { AgentUpload } from '../models/agent-upload.ts'
import type { AgentUploadRepository } from '../repositories/agent-upload-repository.ts'
import { MAX_CLOCK_SKEW_MS } from '../rules/clock-skew.ts'
import { agentNow as now, agentTime, newUuid } from './agent-builders.ts'
import { nastyTexts } from './nasty-values.ts'
import { readPages, expectInvalid } from './sample-suite.ts'
import { newHotkey } from './weight-record-builders.ts'

/** What an adapter gives to the suite. */
export interface AgentUploadContractOptions {
  /** A repository over an empty store of its own; called once. */
  readonly setup: () => Promise<AgentUploadRepository>
  readonly teardown?: () => Promise<void>
  /** How many contents want one number at once. */
  readonly claimsAtOnce: number
}

type NewUpload = Omit<AgentUpload, 'completedAt'>

/** A first upload of a new hotkey; tests name the fields that they are about. */
export function buildAgentUpload(fields: Partial<NewUpload> = {}): NewUpload {
  return {
    minerHotkey: newHotkey(),
    versionNum: 0,
    agentId: newUuid(),
    versionId: newUuid(),
    sha256: 'a'.repeat(64),
    sizeBytes: 1_234,
    name: 'alpha',
    claimedAt: now,
    ...fields,
  }
}

/** Everything that an implementation of {@link AgentUploadRepository} must hold, on a real engine. */
export function agentUploadRepositoryContract(options: AgentUploadContractOptions): void {
  describe('agent upload repository contract', () => {
    let uploads: AgentUploadRepository
    beforeAll(async () => {
      uploads = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    const claim = async (upload: NewUpload): Promise<AgentUpload> => uploads.claim({ upload, now })

    it('finds nothing that is not there', async () => {
      const minerHotkey = newHotkey()
      expect(await uploads.find({ minerHotkey, versionNum: 0 })).toBeNull()
      expect(await uploads.list({ minerHotkey, limit: 1 })).toStrictEqual({ items: [], nextCursor: null })
    })

    it.each([
      { name: nastyTexts.slice(0, 9).join('') },
      { name: nastyTexts.slice(9).join(''), versionNum: 999_999 },
      { sizeBytes: 0, claimedAt: new Date(0) },
    ])('gives an upload back exactly: %j', async (fields) => {
      const upload = buildAgentUpload(fields)
      const wanted = { ...upload, completedAt: null }
      expect(await claim(upload)).toStrictEqual(wanted)
      expect(await uploads.find(upload)).toStrictEqual(wanted)
    })

    it('takes the same content again as it was, under the ids that are right now', async () => {
      const upload = buildAgentUpload()
      const first = await claim(upload)
      const ids = { agentId: newUuid(), versionId: newUuid() }
      const again = { ...upload, ...ids, name: 'renamed', sizeBytes: 9, claimedAt: agentTime(7) }
      expect(await claim(again)).toStrictEqual({ ...first, ...ids })
      expect(await uploads.find(upload)).toStrictEqual({ ...first, ...ids })
    })

    it('keeps a number for its content, and says so to any other', async () => {
      const upload = buildAgentUpload()
      const stored = await claim(upload)
      await expect(claim({ ...upload, sha256: 'b'.repeat(64) })).rejects.toMatchObject({
        code: 'conflict',
        details: { reason: 'other_content', versionNum: 0 },
      })
      expect(await uploads.find(upload)).toStrictEqual(stored)
      const next = buildAgentUpload({
        minerHotkey: upload.minerHotkey,
        versionNum: 1,
        sha256: 'b'.repeat(64),
      })
      expect(await claim(next)).toMatchObject({ versionNum: 1 })
    })

    it('gives a number to exactly one of many contents at once', async () => {
      const upload = buildAgentUpload()
      const outcomes = await Promise.allSettled(
        Array.from({ length: options.claimsAtOnce }, (_, caller) =>
          claim({ ...upload, sha256: `${caller}`.padStart(64, '0') }),
        ),
      )
      const winners = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
      expect(winners).toStrictEqual([await uploads.find(upload)])
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'conflict' })
      }
    })

    it('is completed once', async () => {
      const upload = buildAgentUpload()
      const first = await claim(upload)
      const completed = { ...first, completedAt: agentTime(3) }
      expect(await uploads.complete({ ...upload, now: agentTime(3) })).toStrictEqual(completed)
      expect(await uploads.complete({ ...upload, now: agentTime(4) })).toStrictEqual(completed)
      expect(await claim(upload)).toStrictEqual(completed)
      const unknown = uploads.complete({ minerHotkey: upload.minerHotkey, versionNum: 1, now })
      await expect(unknown).rejects.toMatchObject({ code: 'not_found' })
    })

    it('lists a hotkey’s uploads, highest number first', async () => {
      const minerHotkey = newHotkey()
      for (const versionNum of [0, 2, 10, 1]) await claim(buildAgentUpload({ minerHotkey, versionNum }))
      await claim(buildAgentUpload())
      const all = await readPages((page) => uploads.list({ minerHotkey, ...page }), 3)
      expect(all.map(({ versionNum }) => versionNum)).toStrictEqual([10, 2, 1, 0])
    })

    it.each<readonly [string, Partial<NewUpload>]>([
      ['a hotkey with a quote', { minerHotkey: "a'b" }],
      ['a version before the first', { versionNum: -1 }],
      ['a hash in upper case', { sha256: 'A'.repeat(64) }],
      ['no name', { name: '' }],
      ['an id of another kind', { versionId: 'v1' }],
      ['a size below nothing', { sizeBytes: -1 }],
      ['a time to come', { claimedAt: agentTime(MAX_CLOCK_SKEW_MS + 1) }],
    ])('refuses %s', async (_name, fields) => {
      await expectInvalid(claim(buildAgentUpload(fields)))
    })

    it('refuses questions that make no sense', async () => {
      await expectInvalid(uploads.find({ minerHotkey: '', versionNum: 0 }))
      await expectInvalid(uploads.find({ minerHotkey: 'a', versionNum: 0.5 }))
      await expectInvalid(uploads.list({ minerHotkey: 'a b', limit: 1 }))
      await expectInvalid(uploads.complete({ minerHotkey: 'a', versionNum: 1_000_000, now }))
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const reason = new Error('enough')
      const upload = buildAgentUpload()
      const aborted = { signal: AbortSignal.abort(reason) }
      await expect(uploads.claim({ upload, now }, aborted)).rejects.toBe(reason)
      expect(await uploads.find(upload)).toBeNull()
    })
  })
}
