import { describe, expect, it } from 'vitest'

import { claimWriter, type ClaimWriterParams } from '../src/adapters/locks/claim-writer.ts'

const claim = async (params: Partial<ClaimWriterParams>): ReturnType<typeof claimWriter> =>
  await claimWriter({
    storeUrl: 'http://127.0.0.1:8123',
    database: `test_${process.pid}`,
    redisUrl: null,
    isSingleWriter: false,
    signal: new AbortController().signal,
    ...params,
  })

describe('claimWriter', () => {
  it('claims nothing where all writers see the same locks', async () => {
    expect(await claim({ storeUrl: null })).toBeNull()
    expect(await claim({ redisUrl: 'redis://127.0.0.1' })).toBeNull()
    expect(await claim({ redisUrl: 'redis://redis', storeUrl: 'https://store.example.com:8443' })).toBeNull()
  })

  it('lets one process at a time write to a server of this machine, and tells the next who does', async () => {
    const first = await claim({})
    expect(first).not.toBeNull()
    await expect(claim({})).rejects.toMatchObject({
      code: 'locked',
      retryable: false,
      message: expect.stringMatching(
        new RegExp(`is being written by process ${process.pid}, .*set REDIS_URL for both`),
      ),
    })
    await using _other = await claim({ database: `test_${process.pid}_other` })
    await first?.close()
    await using _next = await claim({})
  })

  it('refuses a server elsewhere until the operator says that nobody else writes', async () => {
    const storeUrl = 'https://store.example.com:8443'
    await expect(claim({ storeUrl })).rejects.toMatchObject({ name: 'InputError', field: 'REDIS_URL' })
    await using _claimed = await claim({ storeUrl, isSingleWriter: true })
    await expect(claim({ storeUrl, isSingleWriter: true })).rejects.toMatchObject({ code: 'locked' })
  })
})
