import type { SubmissionMechanism, WeightCycle } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { chainNow, cycleOf, heldOf, metagraphOf, neuronHotkey } from '../../test/fixtures/chain-values.ts'
import type { HeldWeights, Metagraph } from '../ports/chain.ts'
import { isSettled, markEffective, markFailed, markIncluded, markSubmitted } from './cycle-steps.ts'
import { observeCycle } from './observe-cycle.ts'

const vector = { uids: [1, 2], values: [65_535, 21_845] }
const weights = vector.uids.map((uid, at) => ({
  hotkey: neuronHotkey(uid),
  weight: 0.5,
  uid,
  value: vector.values[at] ?? 0,
}))

function submitted(mechanism: SubmissionMechanism = 'plain'): WeightCycle {
  return markSubmitted(cycleOf(), { now: chainNow, blockNumber: 1_000, weights, mechanism, versionKey: 0n })
}

function included(mechanism: SubmissionMechanism = 'plain'): WeightCycle {
  const extrinsicHash = `0x${'2'.repeat(64)}`
  return markIncluded(submitted(mechanism), { now: chainNow, blockNumber: 1_001, extrinsicHash })
}

function observe(
  cycle: WeightCycle,
  held: Partial<HeldWeights>,
  metagraph: Partial<Metagraph> = {},
): WeightCycle {
  return observeCycle(cycle, {
    held: heldOf({ blockNumber: 1_005, ...held }),
    metagraph: metagraphOf(metagraph),
    now: chainNow,
    landWithin: 20,
  })
}

const states = ({ steps }: WeightCycle): readonly string[] => steps.map(({ state }) => state)

describe('a plain submission', () => {
  it('is revealed as soon as the chain holds its numbers, effective after the next epoch', () => {
    const revealed = observe(included(), { lastUpdate: 1_001, vector })
    expect(revealed).toMatchObject({ state: 'revealed', revealBlock: 1_001 })
    expect(observe(revealed, { lastUpdate: 1_001, vector }, { epochBlock: 1_001 })).toBe(revealed)
    const effective = observe(revealed, { lastUpdate: 1_001, vector }, { epochBlock: 1_260 })
    expect(effective).toMatchObject({ state: 'effective', effectiveBlock: 1_260 })
    expect(states(effective)).toEqual(['prepared', 'submitted', 'included', 'revealed', 'effective'])
    expect(isSettled(effective)).toBe(true)
    expect(observe(effective, {})).toBe(effective)
  })

  it('takes several steps at one look', () => {
    const seen = observe(included(), { lastUpdate: 1_001, vector }, { epochBlock: 1_260 })
    expect(seen.state).toBe('effective')
  })

  it('knows its numbers in any order and in the chain’s own scale', () => {
    const held = { uids: [2, 1], values: [21_845, 65_535] }
    expect(observe(included(), { lastUpdate: 1_001, vector: held }).state).toBe('revealed')
  })

  it.each([
    ['reorganised', { lastUpdate: 0 }],
    ['vector_differs', { lastUpdate: 1_001, vector: { uids: [1, 2], values: [65_535, 21_846] } }],
    ['vector_differs', { lastUpdate: 1_001, vector: { uids: [1], values: [65_535] } }],
    ['superseded', { lastUpdate: 1_003, vector: { uids: [3], values: [65_535] } }],
  ])('fails as %s when the chain tells another story', (reason, held) => {
    const failed = observe(included(), held)
    expect(failed).toMatchObject({ state: 'failed', reason })
    expect(failed.steps.at(-1)?.detail).toBeTruthy()
  })

  it('waits while the node that is asked lags behind the inclusion', () => {
    const cycle = included()
    expect(observe(cycle, { blockNumber: 1_000, lastUpdate: 0 })).toBe(cycle)
  })

  it('fails as superseded when other weights stand there before an epoch ran', () => {
    const revealed = observe(included(), { lastUpdate: 1_001, vector })
    const other = { uids: [3], values: [65_535] }
    expect(observe(revealed, { lastUpdate: 1_100, vector: other })).toMatchObject({
      state: 'failed',
      reason: 'superseded',
    })
  })
})

describe('a submission whose answer never came', () => {
  it('is found by what the chain holds since', () => {
    const found = observe(submitted(), { lastUpdate: 1_001, vector })
    expect(found).toMatchObject({ state: 'revealed', inclusionBlock: 1_001, extrinsicHash: null })
  })

  it('is not taken for older weights of the same numbers', () => {
    const cycle = submitted()
    expect(observe(cycle, { lastUpdate: 999, vector })).toBe(cycle)
  })

  it('fails when nothing is seen of it within its time, and not before', () => {
    const cycle = submitted()
    expect(observe(cycle, { blockNumber: 1_020, lastUpdate: 500 })).toBe(cycle)
    expect(observe(cycle, { blockNumber: 1_021, lastUpdate: 500 })).toMatchObject({
      state: 'failed',
      reason: 'not_landed',
    })
  })

  it('is found as an open commit too', () => {
    const found = observe(submitted('timelocked_commit'), { lastUpdate: 1_002, openCommits: [700, 1_002] })
    expect(found).toMatchObject({ state: 'included', inclusionBlock: 1_002 })
  })
})

describe('a commit', () => {
  it('waits while it is open, and is revealed by the epoch that opened it, which ran on it', () => {
    const cycle = included('timelocked_commit')
    const old = { uids: [4], values: [65_535] }
    expect(observe(cycle, { lastUpdate: 1_001, vector: old, openCommits: [1_001] })).toBe(cycle)
    const seen = observe(cycle, { lastUpdate: 1_001, vector }, { epochBlock: 1_260 })
    expect(seen).toMatchObject({ state: 'effective', revealBlock: 1_260, effectiveBlock: 1_260 })
  })

  it('that was opened after the epoch had run is effective only after the next one', () => {
    const late = { lastUpdate: 1_001, vector, isOfLastEpoch: false }
    const seen = observe(
      included('timelocked_commit'),
      { ...late, blockNumber: 1_264 },
      { epochBlock: 1_260 },
    )
    expect(seen).toMatchObject({ state: 'revealed', revealBlock: 1_264, effectiveBlock: null })
    expect(observe(seen, { ...late, blockNumber: 1_300 }, { epochBlock: 1_260 })).toBe(seen)
    const next = { ...late, isOfLastEpoch: true, blockNumber: 1_621 }
    expect(observe(seen, next, { epochBlock: 1_620 })).toMatchObject({
      state: 'effective',
      effectiveBlock: 1_620,
    })
  })

  it('fails when it is gone without our numbers', () => {
    const seen = observe(
      included('timelocked_commit'),
      { lastUpdate: 1_001, openCommits: [] },
      { epochBlock: 1_260 },
    )
    expect(seen).toMatchObject({ state: 'failed', reason: 'not_revealed' })
  })
})

describe('steps', () => {
  it('follow each other in one order only', () => {
    expect(() => markEffective(cycleOf(), { now: chainNow, blockNumber: 1 })).toThrow(
      /is prepared and cannot become effective/,
    )
    const failed = markFailed(submitted(), 'SettingWeightsTooFast', { now: chainNow, blockNumber: null })
    const again = markSubmitted(failed, {
      now: chainNow,
      blockNumber: 1_100,
      weights,
      mechanism: 'plain',
      versionKey: 3n,
    })
    expect(again).toMatchObject({ state: 'submitted', attempts: 2, reason: null, versionKey: 3n })
  })

  it('stay bounded however often a submission is tried', () => {
    let cycle = cycleOf()
    for (let attempt = 0; attempt < 300; attempt += 1) {
      const at = { now: chainNow, blockNumber: attempt }
      cycle = markSubmitted(cycle, { ...at, weights, mechanism: 'plain', versionKey: 0n })
      cycle = markFailed(cycle, 'unreachable', at)
    }
    expect(cycle.attempts).toBe(300)
    expect(cycle.steps).toHaveLength(200)
    expect(cycle.steps[0]?.state).toBe('prepared')
    expect(cycle.steps.at(-1)).toMatchObject({ state: 'failed', blockNumber: 299 })
  })
})
