import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { OutboxEntry, OutboxSubject } from '../models/outbox-entry.ts'
import type { OutboxRepository } from '../repositories/outbox-repository.ts'
import { agentNow, agentTime, newUuid } from './agent-builders.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { expectInvalid } from './sample-suite.ts'

/** Everything that an implementation of {@link OutboxRepository} must hold, on a real engine. */
export function outboxRepositoryContract(options: RepositoryContractOptions<OutboxRepository>): void {
  describe('outbox repository contract', () => {
    let outbox: OutboxRepository
    beforeAll(async () => {
      outbox = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    const all = async (limit = 100): Promise<OutboxEntry[]> => {
      const found: OutboxEntry[] = []
      let cursor: string | null = null
      do {
        const page = await outbox.list({ limit, cursor })
        expect(page.items.length).toBeLessThanOrEqual(limit)
        found.push(...page.items)
        cursor = page.nextCursor
      } while (cursor !== null)
      return found
    }
    const empty = async (): Promise<void> => {
      for (const entry of await all()) await outbox.remove({ entry })
      expect(await all()).toStrictEqual([])
    }

    it('gives back what was put, settled once it is put as settled', async () => {
      await empty()
      const subjects: readonly OutboxSubject[] = [
        { kind: 'agent', agentId: newUuid() },
        { kind: 'version', agentId: newUuid(), versionId: newUuid() },
        { kind: 'snapshot', snapshotId: newUuid() },
      ]
      for (const subject of subjects) {
        const entry = entryOf({ subject })
        await outbox.put({ entry })
        expect(await all()).toStrictEqual([entry])
        const settled = { ...entry, state: 'settled' } as const
        await outbox.put({ entry: settled })
        await outbox.put({ entry: settled })
        expect(await all()).toStrictEqual([settled])
        expect(await outbox.remove({ entry: settled })).toBe(true)
      }
      expect(await outbox.count()).toBe(0)
    })

    it('keeps an entry that was settled after it was read, and takes away nothing twice', async () => {
      const entry = entryOf()
      await outbox.put({ entry })
      const settled = { ...entry, state: 'settled' } as const
      await outbox.put({ entry: settled })
      expect(await outbox.remove({ entry })).toBe(false)
      expect(await all()).toContainEqual(settled)
      expect(await outbox.remove({ entry: settled })).toBe(true)
      expect(await outbox.remove({ entry: settled })).toBe(false)
    })

    it('lists an agent together, in the order of its writes, through pages of any size', async () => {
      await empty()
      const agents = Array.from({ length: 12 }, () => newUuid())
      const put: OutboxEntry[] = []
      for (const afterMs of [2, 0, 1]) {
        for (const agentId of agents) {
          const subject: OutboxSubject =
            afterMs === 0 ? { kind: 'agent', agentId } : { kind: 'version', agentId, versionId: newUuid() }
          const entry = entryOf({ subject, putAt: agentTime(afterMs) })
          await outbox.put({ entry })
          put.push(entry)
        }
      }
      expect(await outbox.count()).toBe(36)
      for (const limit of [5, 100]) {
        const listed = await all(limit)
        expect(listed).toHaveLength(36)
        for (const agentId of agents) {
          const places = listed.flatMap(({ subject }, index) =>
            'agentId' in subject && subject.agentId === agentId ? [index] : [],
          )
          const [first = -1] = places
          expect(places).toStrictEqual([first, first + 1, first + 2])
          expect(places.map((place) => listed[place]?.putAt.getTime())).toStrictEqual(
            [0, 1, 2].map((afterMs) => agentTime(afterMs).getTime()),
          )
        }
      }
      await empty()
    })

    it('keeps two writes of one moment to one agent apart', async () => {
      await empty()
      const subject = { kind: 'agent', agentId: newUuid() } as const
      const entries = [entryOf({ subject }), entryOf({ subject })]
      await Promise.all(entries.map(async (entry) => outbox.put({ entry })))
      expect(await all()).toStrictEqual(entries)
      await empty()
    })

    it.each<readonly [string, Partial<OutboxEntry>]>([
      ['an id of another kind', { entryId: '1' }],
      ['an agent of another kind', { subject: { kind: 'agent', agentId: 'x' } }],
      ['no time', { putAt: new Date(Number.NaN) }],
    ])('refuses %s', async (_name, fields) => {
      await expectInvalid(outbox.put({ entry: entryOf(fields) }))
    })

    it('refuses a limit and a cursor that cannot be', async () => {
      await expectInvalid(outbox.list({ limit: 0 }))
      await expectInvalid(outbox.list({ limit: 10, cursor: 'x' }))
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const reason = new Error('enough')
      const aborted = { signal: AbortSignal.abort(reason) }
      const entry = entryOf()
      await expect(outbox.put({ entry }, aborted)).rejects.toBe(reason)
      await expect(outbox.list({ limit: 1 }, aborted)).rejects.toBe(reason)
      await expect(outbox.remove({ entry }, aborted)).rejects.toBe(reason)
      await expect(outbox.count(aborted)).rejects.toBe(reason)
    })
  })
}

function entryOf(fields: Partial<OutboxEntry> = {}): OutboxEntry {
  const subject = { kind: 'agent', agentId: newUuid() } as const
  return { entryId: newUuid(), subject, state: 'pending', putAt: agentNow, ...fields }
}
