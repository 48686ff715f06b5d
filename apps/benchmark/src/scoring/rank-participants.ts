import { InputError } from '@subnetkit/core'

import type { EpochScore } from './rule-set.ts'

/** Who takes part in a ranking, with what the epoch gave. */
export interface Participant {
  readonly hotkey: string
  readonly kind: 'miner' | 'baseline'
  /** Whole number, unique; the baseline's is usually 0. Earlier comes first among equals. */
  readonly registrationOrder: number
  readonly score: Pick<EpochScore, 'finalScore' | 'components' | 'averageExecutionTimeSeconds'>
}

/** A participant's place. */
export interface RankedParticipant {
  readonly hotkey: string
  readonly kind: 'miner' | 'baseline'
  /** From 1, without gaps. */
  readonly rank: number
  readonly finalScore: number
  readonly isWinner: boolean
  /** False for the baseline, and where there is none. */
  readonly isBaselineBeaten: boolean
  /** Participants, the baseline among them, with a lower final score. */
  readonly beaten: number
}

/** A ranking; `winner` is null when no miner did better than the baseline, or than nothing where there is none. */
export interface Ranking {
  readonly places: readonly RankedParticipant[]
  readonly winner: string | null
}

/**
 * Ranks by final score; among equals the baseline comes first, then the more accurate, the quicker, the earlier
 * registered. The order of the argument does not matter.
 *
 * @throws InputError when hotkeys or registration orders repeat, or there is more than one baseline.
 */
export function rankParticipants(participants: readonly Participant[]): Ranking {
  requireDistinct(
    'hotkey',
    participants.map(({ hotkey }) => hotkey),
  )
  requireDistinct(
    'registrationOrder',
    participants.map(({ registrationOrder }) => registrationOrder),
  )
  requireDistinct(
    'baseline',
    participants.filter(({ kind }) => kind === 'baseline').map(({ kind }) => kind),
  )
  const sorted = participants.toSorted(bestFirst)
  const finals = sorted.map(({ score }) => score.finalScore)
  const baseline = sorted.find(({ kind }) => kind === 'baseline')
  const toBeat = baseline?.score.finalScore ?? 0
  const first = sorted[0]
  const isWon = first !== undefined && first.kind === 'miner' && first.score.finalScore > toBeat
  const places = sorted.map(({ hotkey, kind, score: { finalScore } }, at) => ({
    hotkey,
    kind,
    rank: at + 1,
    finalScore,
    isWinner: isWon && at === 0,
    isBaselineBeaten: kind === 'miner' && baseline !== undefined && finalScore > toBeat,
    beaten: finals.filter((final) => final < finalScore).length,
  }))
  return { places, winner: isWon ? first.hotkey : null }
}

function bestFirst(a: Participant, b: Participant): number {
  return (
    b.score.finalScore - a.score.finalScore ||
    Number(b.kind === 'baseline') - Number(a.kind === 'baseline') ||
    accuracyOf(b) - accuracyOf(a) ||
    a.score.averageExecutionTimeSeconds - b.score.averageExecutionTimeSeconds ||
    a.registrationOrder - b.registrationOrder
  )
}

function accuracyOf({ score }: Participant): number {
  return score.components.find(({ name }) => name === 'accuracy')?.score ?? 0
}

function requireDistinct(field: string, values: readonly (string | number)[]): void {
  const repeated = values.find((value, at) => values.indexOf(value) < at)
  if (repeated === undefined) return
  throw new InputError({
    field: `participants: ${field}`,
    value: repeated,
    problem: 'is there more than once',
    hint: 'rank each participant once',
  })
}
