import { type Clock, silentLogger, StorageError } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { chainNow } from '../../test/fixtures/chain-values.ts'
import { ChainError } from '../ports/chain.ts'
import type { WeightCyclePass } from './run-weight-cycle.ts'
import { watchCycles } from './watch-cycles.ts'

const refusal = { kind: 'refuse', reason: 'no_scores', why: 'there are none', wayOut: 'make them' } as const
const over: WeightCyclePass = { cycle: null, decision: refusal, blockNumber: 1, nextEpochBlock: null }
const following: WeightCyclePass = { ...over, decision: { kind: 'follow' } }
const badAnswer = new ChainError({ code: 'bad_answer', message: 'a metagraph of another block' })

/** Watches passes that go like this, one after the other; the last of them ends it. */
async function watch(...looks: readonly (WeightCyclePass | Error)[]): Promise<WeightCyclePass> {
  let look = 0
  const sleep = async (): Promise<void> => await Promise.resolve()
  const clock: Clock = { now: () => chainNow, monotonicMs: () => 0, sleep }
  return await watchCycles({
    pass: async () => {
      const found = looks[look++] ?? over
      if (found instanceof Error) throw found
      return await Promise.resolve(found)
    },
    onPass: () => undefined,
    untilSettled: true,
    everyMs: 1_000,
    clock,
    log: silentLogger,
    signal: new AbortController().signal,
  })
}

describe('watching weights', () => {
  it('asks a chain and a store again that do not answer', async () => {
    const away = new ChainError({ code: 'unreachable', message: 'the connection broke' })
    const busy = new StorageError({ code: 'unavailable', message: 'the store is away' })
    expect(await watch(away, busy, following, busy, over)).toBe(over)
  })

  it('asks a chain again that answers wrongly, if it ever answered well', async () => {
    expect(await watch(following, badAnswer, badAnswer, over)).toBe(over)
    await expect(watch(badAnswer, over)).rejects.toBe(badAnswer)
  })

  it('ends for what a person must mend', async () => {
    const gone = new ChainError({ code: 'not_registered', message: 'no uid' })
    await expect(watch(following, gone)).rejects.toBe(gone)
    const corrupt = new StorageError({ code: 'corrupt_row', message: 'a row of another version' })
    await expect(watch(following, corrupt)).rejects.toBe(corrupt)
  })
})
