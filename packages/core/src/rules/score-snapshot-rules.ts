import { createHash } from 'node:crypto'

import { StorageError } from '../errors/storage-error.ts'
import type { MinerScore } from '../models/miner-score.ts'
import type { ScoreSnapshot } from '../models/score-snapshot.ts'
import { canonicalJson } from './canonical-json.ts'

const ID_DIGITS = 32

/** What a score says, whichever snapshot and moment it belongs to. */
export type ScoreContent = Omit<MinerScore, 'snapshotId' | 'calculatedAt'>

/**
 * The SHA-256, in hex, of score rows in the order of hotkeys, as canonical JSON. The order in which they are given,
 * the snapshot's id (which is derived from this) and the time do not enter.
 */
export function scoresHash(scores: readonly ScoreContent[]): string {
  const rows = [...scores].sort(byHotkey).map((score) => contentOf(score))
  return createHash('sha256').update(canonicalJson(rows)).digest('hex')
}

/**
 * The id of a snapshot, derived from all that it says except when and its best (which follow from the scores): the
 * same scoring again has the same id.
 */
export function snapshotIdOf(snapshot: Omit<ScoreSnapshot, 'snapshotId' | 'calculatedAt' | 'top'>): string {
  const { blockNumber, validatorHotkey, rule, parameters, burn, minerCount, eligibleCount } = snapshot
  const said = { blockNumber, validatorHotkey, rule, parameters, burn, minerCount, eligibleCount }
  const text = canonicalJson({ ...said, scoresHash: snapshot.scoresHash })
  return createHash('sha256').update(text).digest('hex').slice(0, ID_DIGITS)
}

/**
 * Refuses scores that are not a snapshot's own, before anything is stored.
 *
 * @throws StorageError `invalid_input`: another number of them, a hotkey twice, a row of another block or snapshot, or
 *   a hash or id that does not follow from the content.
 */
export function assertOwnScores(snapshot: ScoreSnapshot, scores: readonly MinerScore[]): void {
  const problem = problemOf(snapshot, scores)
  if (problem === null) return
  throw new StorageError({
    code: 'invalid_input',
    message: `snapshot ${snapshot.snapshotId} of block ${snapshot.blockNumber}: ${problem}`,
    details: { snapshotId: snapshot.snapshotId, blockNumber: snapshot.blockNumber },
  })
}

function problemOf(snapshot: ScoreSnapshot, scores: readonly MinerScore[]): string | null {
  const { snapshotId, blockNumber, minerCount } = snapshot
  if (scores.length !== minerCount)
    return `minerCount is ${minerCount}, but there are ${scores.length} scores`
  const stranger = scores.find(
    (score) => score.snapshotId !== snapshotId || score.blockNumber !== blockNumber,
  )
  if (stranger !== undefined)
    return `the score of ${stranger.minerHotkey} belongs to another snapshot or block`
  if (new Set(scores.map((score) => score.minerHotkey)).size !== scores.length) return 'a hotkey stands twice'
  const eligible = scores.filter((score) => score.isEligible).length
  if (eligible !== snapshot.eligibleCount) {
    return `eligibleCount is ${snapshot.eligibleCount}, but ${eligible} scores are eligible`
  }
  if (scoresHash(scores) !== snapshot.scoresHash) return 'scoresHash is not the hash of the scores'
  return snapshotIdOf(snapshot) === snapshotId ? null : 'snapshotId does not follow from its content'
}

function contentOf(score: ScoreContent | MinerScore): ScoreContent {
  const { snapshotId: _id, calculatedAt: _at, ...content } = { snapshotId: '', calculatedAt: null, ...score }
  return content
}

function byHotkey(a: ScoreContent, b: ScoreContent): number {
  return a.minerHotkey < b.minerHotkey ? -1 : a.minerHotkey > b.minerHotkey ? 1 : 0
}
