import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT_UPLOAD_ATTEMPT_DAYS, type AgentUploadAttempt } from '../models/agent-upload-attempt.ts'
import type { AgentUploadAttemptRepository } from '../repositories/agent-upload-attempt-repository.ts'
import { newUuid } from './agent-builders.ts'
import { nastyTexts } from './nasty-values.ts'
import { readPages, expectInvalid } from './sample-suite.ts'
import { newHotkey } from './weight-record-builders.ts'

/** What an adapter gives to the suite. */
export interface AgentUploadAttemptContractOptions {
  /** A repository over an empty store of its own; called once. */
  readonly setup: () => Promise<AgentUploadAttemptRepository>
  readonly teardown?: () => Promise<void>
  /** The engine's own time, where it removes what has expired. */
  readonly now: Date
}

const HOUR_MS = 3_600_000

/** Everything that an implementation of {@link AgentUploadAttemptRepository} must hold, on a real engine. */
export function agentUploadAttemptRepositoryContract(options: AgentUploadAttemptContractOptions): void {
  const { now } = options
  const later = (ms: number): Date => new Date(now.getTime() + ms)
  describe('agent upload attempt repository contract', () => {
    let attempts: AgentUploadAttemptRepository
    beforeAll(async () => {
      attempts = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    const build = (fields: Partial<AgentUploadAttempt> = {}): AgentUploadAttempt => ({
      minerHotkey: newHotkey(),
      attemptId: newUuid(),
      at: now,
      name: 'alpha',
      versionNum: 3,
      sizeBytes: 0,
      clientAddress: '203.0.113.7',
      outcome: 'refused',
      code: 'invalid_code',
      ...fields,
    })

    it.each<Partial<AgentUploadAttempt>>([
      {},
      { name: nastyTexts.slice(0, 9).join('') },
      { outcome: 'accepted', code: null, clientAddress: null, sizeBytes: 9_007_199_254_740_991 },
    ])('gives an attempt back exactly: %j', async (fields) => {
      const attempt = build(fields)
      await attempts.append({ attempt })
      await attempts.append({ attempt })
      const { minerHotkey } = attempt
      expect(await attempts.list({ minerHotkey, now, limit: 2 })).toStrictEqual({
        items: [attempt],
        nextCursor: null,
      })
    })

    it('lists a hotkey’s attempts, newest first, and nobody else’s', async () => {
      const minerHotkey = newHotkey()
      const made = [3, 1, 2].map((age) => build({ minerHotkey, at: later(-age), versionNum: age }))
      for (const attempt of [...made, build()]) await attempts.append({ attempt })
      const all = await readPages((page) => attempts.list({ minerHotkey, now, ...page }), 2)
      expect(all.map(({ versionNum }) => versionNum)).toStrictEqual([1, 2, 3])
    })

    it('hides what has expired', async () => {
      const attempt = build()
      await attempts.append({ attempt })
      const read = { minerHotkey: attempt.minerHotkey, limit: 1 }
      const endMs = AGENT_UPLOAD_ATTEMPT_DAYS * 24 * HOUR_MS
      expect((await attempts.list({ ...read, now: later(endMs - 1_000) })).items).toHaveLength(1)
      expect((await attempts.list({ ...read, now: later(endMs + 1_000) })).items).toHaveLength(0)
    })

    it('admits so many in an hour, however many come at once, and as many in the next', async () => {
      const minerHotkey = newHotkey()
      const ask = async (at: Date): Promise<number> => {
        const told = await Promise.all(
          Array.from({ length: 12 }, () => attempts.admit({ minerHotkey, maxPerHour: 5, now: at })),
        )
        return told.filter(Boolean).length
      }
      expect(await ask(now)).toBe(5)
      expect(await attempts.admit({ minerHotkey, maxPerHour: 5, now })).toBe(false)
      expect(await attempts.admit({ minerHotkey: newHotkey(), maxPerHour: 5, now })).toBe(true)
      expect(await ask(later(HOUR_MS))).toBe(5)
    })

    it('refuses what makes no sense', async () => {
      await expectInvalid(attempts.append({ attempt: build({ name: '' }) }))
      await expectInvalid(attempts.append({ attempt: build({ code: '' }) }))
      await expectInvalid(attempts.append({ attempt: build({ minerHotkey: 'a b' }) }))
      await expectInvalid(attempts.list({ minerHotkey: '', now, limit: 1 }))
      await expectInvalid(attempts.admit({ minerHotkey: 'a b', maxPerHour: 1, now }))
      await expectInvalid(attempts.admit({ minerHotkey: 'a', maxPerHour: 0, now }))
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const reason = new Error('enough')
      const admit = attempts.admit(
        { minerHotkey: newHotkey(), maxPerHour: 1, now },
        { signal: AbortSignal.abort(reason) },
      )
      await expect(admit).rejects.toBe(reason)
    })
  })
}
