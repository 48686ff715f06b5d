import { describe, expect, it } from 'vitest'

import {
  cycleOf,
  heldOf,
  hyperparametersOf,
  publicationOf,
  settingsOf,
} from '../../test/fixtures/chain-values.ts'
import { decideSubmission, type DecisionInput } from './decide-submission.ts'
import { parseSubmissionSettings, submissionSettingsSchema } from './submission-settings.ts'

const { snapshot } = publicationOf()

function decide(change: Partial<DecisionInput>): ReturnType<typeof decideSubmission> {
  return decideSubmission({
    latest: null,
    snapshot,
    held: heldOf(),
    hyperparameters: hyperparametersOf(),
    settings: settingsOf(),
    ...change,
  })
}

describe('decideSubmission', () => {
  it('submits at once when weights were never set', () => {
    expect(decide({})).toEqual({ kind: 'submit', mechanism: 'plain', retry: null })
  })

  it('waits for the subnet’s own rate limit: from exactly that block on', () => {
    expect(decide({ held: heldOf({ lastUpdate: 901 }) })).toMatchObject({ kind: 'wait', untilBlock: 1_001 })
    expect(decide({ held: heldOf({ lastUpdate: 900 }) })).toMatchObject({ kind: 'submit' })
  })

  it.each(['submitted', 'included', 'revealed'] as const)('follows what is %s', (state) => {
    expect(decide({ latest: cycleOf({ state }) })).toEqual({ kind: 'follow' })
  })

  it('refuses scores that are too old, by blocks', () => {
    const settings = settingsOf({ maxSnapshotAge: 10 })
    expect(decide({ settings })).toMatchObject({ kind: 'submit' })
    expect(decide({ settings, held: heldOf({ blockNumber: 1_001 }) })).toMatchObject({
      kind: 'refuse',
      reason: 'old_scores',
    })
  })

  it('sends scores that are in effect again only to stay active', () => {
    const latest = cycleOf({ state: 'effective' })
    const hyperparameters = hyperparametersOf({ activityCutoff: 400 })
    expect(decide({ latest, hyperparameters, held: heldOf({ lastUpdate: 850 }) })).toMatchObject({
      kind: 'wait',
      untilBlock: 1_050,
    })
    expect(decide({ latest, hyperparameters, held: heldOf({ lastUpdate: 800 }) })).toMatchObject({
      kind: 'submit',
      retry: null,
    })
    const other = publicationOf({ burn: 0.1 }).snapshot
    expect(decide({ latest, snapshot: other, held: heldOf({ lastUpdate: 850 }) })).toMatchObject({
      kind: 'submit',
    })
  })

  it('tries again what failed in passing, so many times', () => {
    const failed = cycleOf({ state: 'failed', reason: 'SettingWeightsTooFast', attempts: 4 })
    expect(decide({ latest: failed })).toEqual({ kind: 'submit', mechanism: 'plain', retry: failed })
    expect(decide({ latest: { ...failed, attempts: 5 } })).toMatchObject({
      kind: 'refuse',
      reason: 'attempts',
    })
    const other = publicationOf({ burn: 0.1 }).snapshot
    expect(decide({ latest: { ...failed, attempts: 5 }, snapshot: other })).toMatchObject({
      kind: 'submit',
      retry: null,
    })
  })

  it.each(['RateLimitExceeded', 'InvalidTransaction', 'ImmediatelyDropped', 'not_revealed'])(
    'tries again what the pool refused in passing: %s',
    (reason) => {
      const failed = cycleOf({ state: 'failed', reason, attempts: 1 })
      expect(decide({ latest: failed })).toMatchObject({ kind: 'submit', retry: failed })
    },
  )

  it('takes a version key of 64 bits as text, since numbers of JSON are rounded', () => {
    const parsed = (versionKey: unknown) =>
      submissionSettingsSchema.safeParse({ versionKey }).data?.versionKey
    expect(BigInt(parsed('18446744073709551615') ?? 0)).toBe(2n ** 64n - 1n)
    expect(parsed(2_043)).toBe(2_043)
    for (const wrong of ['18446744073709551616', '-1', '1.5', '', 2 ** 60, -1])
      expect(parsed(wrong)).toBeUndefined()
  })

  it('goes on with weights that were prepared before a crash', () => {
    const prepared = cycleOf()
    expect(decide({ latest: prepared })).toMatchObject({ kind: 'submit', retry: prepared })
  })

  it('leaves to a person what a person must mend, and says how', () => {
    const failed = cycleOf({ state: 'failed', reason: 'NotEnoughStakeToSetWeights', attempts: 1 })
    expect(decide({ latest: failed })).toMatchObject({
      kind: 'refuse',
      reason: 'NotEnoughStakeToSetWeights',
      wayOut: 'add stake to the validator’s hotkey',
    })
  })

  it('commits where the subnet asks for it, unless told how', () => {
    const hyperparameters = hyperparametersOf({ commitRevealEnabled: true })
    expect(decide({ hyperparameters })).toMatchObject({ mechanism: 'timelocked_commit' })
    const settings = settingsOf({ mechanism: 'hash_commit' })
    expect(decide({ hyperparameters, settings })).toMatchObject({ mechanism: 'hash_commit' })
  })
})

describe('settings', () => {
  it('have defaults, and name what does not fit', () => {
    expect(parseSubmissionSettings(new Map())).toEqual(settingsOf())
    const set = (value: unknown): unknown =>
      parseSubmissionSettings(
        new Map([['weights.submission', { type: 'json', value: JSON.parse(JSON.stringify(value)) }]]),
      )
    expect(set({ burnTo: 'abc', maxAttempts: 2 })).toMatchObject({ burnTo: 'abc', maxAttempts: 2 })
    expect(() => set({ maxAttempts: 0 })).toThrow(/weights\.submission.*maxAttempts/)
    expect(() => set({ burnto: 'owner' })).toThrow(/burnto/)
    expect(() =>
      parseSubmissionSettings(new Map([['weights.submission', { type: 'string', value: '{}' }]])),
    ).toThrow(/kept as string/)
  })
})
