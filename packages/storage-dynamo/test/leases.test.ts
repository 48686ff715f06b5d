import { afterAll, beforeAll, expect, it } from 'vitest'

import {
  acquireLease,
  defineTable,
  putItem,
  releaseLease,
  renewLease,
  type DynamoConnection,
  type Item,
  type LeaseTarget,
} from '../src/index.ts'
import { describeOnEachEngine } from './engine.ts'
import { openConnection, type TestConnection } from './open-connection.ts'

// A table that is not ours, with a lease under names of its own.
const table = defineTable({
  name: 'import_jobs',
  partitionKey: { name: 'job', type: 'S' },
  sortKey: null,
  indexes: [],
  expiryAttribute: null,
})
const attributes = { owner: 'heldBy', token: 'ticket', expiresAt: 'heldUntil' }
const start = new Date('2026-02-03T04:05:06.345Z')
const after = (ms: number): Date => new Date(start.getTime() + ms)

describeOnEachEngine('a lease on any item', (engine) => {
  let opened: TestConnection
  let jobs = 0
  beforeAll(async () => {
    opened = await openConnection(engine, [table])
  })
  afterAll(async () => {
    await opened.close()
  })
  const newJob = async (): Promise<LeaseTarget> => {
    const key = { job: `job-${(jobs += 1)}` }
    await putItem({ connection: opened.connection, table, item: { ...key, state: 'new' } })
    return { connection: opened.connection, table, key, attributes }
  }
  const acquire = (target: LeaseTarget, token: string, now = start, forMs = 1000): Promise<Item | null> => {
    const grant = { owner: `owner of ${token}`, token, expiresAt: new Date(now.getTime() + forMs) }
    return acquireLease({ ...target, grant, now })
  }

  it('goes to exactly one of 32 callers, and leaves the rest of the item alone', async () => {
    const job = await newJob()
    const answers = await Promise.all(Array.from({ length: 32 }, async (_, one) => acquire(job, `t${one}`)))
    const won = answers.filter((item) => item !== null)
    expect(won).toHaveLength(1)
    expect(won[0]).toMatchObject({ state: 'new', heldUntil: after(1000).toISOString() })
  })

  it('is taken over when it ran out, not before', async () => {
    const job = await newJob()
    await acquire(job, 'first')
    expect(await acquire(job, 'second', after(999))).toBeNull()
    expect(await acquire(job, 'second', after(1000))).toMatchObject({ ticket: 'second' })
    expect(await renewLease({ ...job, token: 'first', expiresAt: after(9000), now: after(1000) })).toBeNull()
    expect(await releaseLease({ ...job, token: 'first', now: after(1000) })).toBe(true)
    expect(await acquire(job, 'third', after(1001))).toBeNull()
  })

  it('is given again to the same token', async () => {
    const job = await newJob()
    await acquire(job, 'mine')
    expect(await acquire(job, 'mine', after(10))).toMatchObject({ heldUntil: after(1010).toISOString() })
  })

  it('is renewed, never shortened', async () => {
    const job = await newJob()
    await acquire(job, 'mine')
    const longer = await renewLease({ ...job, token: 'mine', expiresAt: after(5000), now: start })
    expect(longer).toMatchObject({ heldUntil: after(5000).toISOString() })
    const same = await renewLease({ ...job, token: 'mine', expiresAt: after(10), now: start })
    expect(same).toMatchObject({ heldUntil: after(5000).toISOString() })
  })

  it('is released once, and can be taken at once', async () => {
    const job = await newJob()
    await acquire(job, 'mine')
    expect(await releaseLease({ ...job, token: 'mine', now: start })).toBe(true)
    expect(await releaseLease({ ...job, token: 'mine', now: start })).toBe(true)
    expect(await acquire(job, 'next')).toStrictEqual({
      ...job.key,
      state: 'new',
      heldBy: 'owner of next',
      ticket: 'next',
      heldUntil: after(1000).toISOString(),
    })
  })

  it('never makes an item', async () => {
    const missing: LeaseTarget = { ...(await newJob()), key: { job: 'missing' } }
    expect(await acquire(missing, 'mine')).toBeNull()
    expect(await renewLease({ ...missing, token: 'mine', expiresAt: start, now: start })).toBeNull()
    expect(await releaseLease({ ...missing, token: 'mine', now: start })).toBe(false)
  })

  it('finds its own acquisition when only the answer was lost and the request was sent again', async () => {
    const job = await newJob()
    const { documents } = opened.connection
    const resending: DynamoConnection = {
      ...opened.connection,
      documents: {
        ...documents,
        update: async (input, options) => {
          await documents.update(input, options)
          return documents.update(input, options)
        },
      },
    }
    const target = { ...job, connection: resending }
    expect(await acquire(target, 'mine')).toMatchObject({ ticket: 'mine' })
    expect(await renewLease({ ...target, token: 'mine', expiresAt: after(2000), now: start })).not.toBeNull()
    expect(await releaseLease({ ...target, token: 'mine', now: start })).toBe(true)
  })
})
