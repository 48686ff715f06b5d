import { describe, expect, it } from 'vitest'

import { buildMinerScore, buildPublication, type BuiltPublication } from '../contracts/score-builders.ts'
import { assertOwnScores, scoresHash, snapshotIdOf } from './score-snapshot-rules.ts'

const now = new Date('2026-02-03T04:05:06.345Z')
const build = (): BuiltPublication =>
  buildPublication({ blockNumber: 5_000_000, hotkeys: ['b', 'a', 'B'], calculatedAt: now })

describe('scoresHash', () => {
  const rows = ['b', 'a', 'B'].map((minerHotkey) => buildMinerScore({ minerHotkey }))
  const hash = scoresHash(rows)

  it('is this one, on every machine and version', () => {
    expect(hash).toBe('91e44dee57be18ae47943a474a50ab24c1267bb956cf27d45e5c393fffa364da')
    expect(scoresHash([])).toBe('4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945')
  })

  it('does not know order, snapshot and moment', () => {
    const others = rows.map((row) => ({ ...row, snapshotId: 'f'.repeat(32), calculatedAt: new Date(0) }))
    expect(scoresHash(others.toReversed())).toBe(hash)
    const contents = rows.map(({ snapshotId: _id, calculatedAt: _at, ...content }) => content)
    expect(scoresHash(contents)).toBe(hash)
  })

  it.each([
    { weight: 0.100000000000001 },
    { uid: null },
    { firstBlock: null },
    { reason: 'x' },
    { scoresByLayer: {} },
    { rank: 2 },
    { isEligible: false },
  ])('knows %j', (fields) => {
    expect(scoresHash(rows.map((row) => ({ ...row, ...fields })))).not.toBe(hash)
  })
})

describe('snapshotIdOf', () => {
  it('follows from what is said, not from when or who is best', () => {
    const { snapshot } = build()
    expect(snapshotIdOf(snapshot)).toBe(snapshot.snapshotId)
    const parameters = { ratio: 0.1, names: ['a', 'b'], minSamples: 10 }
    expect(snapshotIdOf({ ...snapshot, parameters })).toBe(snapshot.snapshotId)
    expect(snapshot.snapshotId).toMatch(/^[0-9a-f]{32}$/)
  })

  it.each([
    { blockNumber: 5_000_001 },
    { validatorHotkey: 'other' },
    { rule: 'other' },
    { parameters: {} },
    { burn: 0 },
    { scoresHash: 'a'.repeat(64) },
  ])('knows %j', (fields) => {
    const { snapshot } = build()
    expect(snapshotIdOf({ ...snapshot, ...fields })).not.toBe(snapshot.snapshotId)
  })
})

describe('assertOwnScores', () => {
  it('takes what belongs together', () => {
    const { snapshot, scores } = build()
    expect(() => assertOwnScores(snapshot, scores.toReversed())).not.toThrow()
  })

  it.each<readonly [string, (one: BuiltPublication) => BuiltPublication]>([
    ['minerCount is 3', ({ snapshot, scores }) => ({ snapshot, scores: scores.slice(1) })],
    [
      'the score of b belongs to another',
      ({ snapshot, scores }) => ({ snapshot, scores: scores.map((score) => ({ ...score, blockNumber: 1 })) }),
    ],
    [
      'a hotkey stands twice',
      ({ snapshot, scores }) => ({ snapshot, scores: [...scores.slice(1), ...scores.slice(2)] }),
    ],
    [
      'eligibleCount is 2',
      ({ snapshot, scores }) => ({ snapshot: { ...snapshot, eligibleCount: 2 }, scores }),
    ],
    [
      'scoresHash is not',
      ({ snapshot, scores }) => ({ snapshot, scores: scores.map((score) => ({ ...score, points: 0 })) }),
    ],
    [
      'snapshotId does not follow',
      ({ snapshot, scores }) => ({ snapshot: { ...snapshot, burn: 0 }, scores }),
    ],
  ])('refuses with a reason: %s', (reason, spoil) => {
    const { snapshot, scores } = spoil(build())
    expect(() => assertOwnScores(snapshot, scores)).toThrow(reason)
  })
})
