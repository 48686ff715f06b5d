import {
  type BenchmarkRun,
  type BenchmarkScore,
  defineTask,
  type Tournament,
  type TournamentParticipant,
  type TournamentResult,
} from '@subnetkit/core'

import { lockNames } from '../../ports/locks.ts'
import { type RankedParticipant, rankParticipants } from '../../scoring/rank-participants.ts'
import type { EpochScore } from '../../scoring/rule-set.ts'
import { baselineTimesOf, scoreParticipant, termsOf } from '../../tournament/score-participant.ts'
import type { RecordDeps } from './contest-deps.ts'
import { findParticipants, findRunsByHotkey } from './find-participants.ts'
import { earnedOf } from './score-row.ts'
import { wrongStatus } from './set-tournament-status.ts'
import { participantEpochId, tournamentContextSchema } from './start-tournament.ts'
import { withinLock } from '../within-lock.ts'

interface ScoredParticipant {
  readonly participant: TournamentParticipant
  readonly score: EpochScore
}

/** What scoring a tournament came to. */
export interface ScoredTournament {
  /** By rank. */
  readonly results: readonly TournamentResult[]
  /** Null when no miner was better than the baseline, or than nothing. */
  readonly winnerHotkey: string | null
}

/**
 * Scores everybody who took part, over all runs that should have been, ranks them and stores both. Those who withdrew are
 * left out; those who failed or were disqualified stand at the end with 0 and the reason. The same runs give the same results:
 * scoring again replaces them.
 *
 * @throws InputError while the competition is on.
 */
export const scoreTournament = defineTask({
  name: 'score-tournament',
  context: tournamentContextSchema,
  run: async (deps: RecordDeps, { tournamentId }, { signal }): Promise<ScoredTournament> => {
    return await withinLock(deps.locks, lockNames.tournament(tournamentId), signal, async (held) => {
      const options = { signal: held }
      const { tournaments, tournamentResults, benchmarkScores } = deps.repositories
      const tournament = await tournaments.get({ tournamentId }, options)
      if (tournament.status !== 'scoring') throw wrongStatus(tournament, 'scoring')
      const participants = await findParticipants(deps, tournament, options)
      const runs = await findRunsByHotkey(deps, tournament, options)
      const scored = scoreAll(tournament, participants, runs)
      const now = deps.clock.now()
      const { places, winner } = rankParticipants(scored.map(toRank))
      const results = places.flatMap((place) => resultOf(tournament, place, scored, now))
      if (results.length > 0) {
        await benchmarkScores.put({ scores: scored.map((one) => scoreOf(tournament, one, now)) }, options)
        await tournamentResults.put({ results }, options)
      }
      return { results, winnerHotkey: winner }
    })
  },
})

function scoreAll(
  tournament: Tournament,
  participants: readonly TournamentParticipant[],
  runs: ReadonlyMap<string, readonly BenchmarkRun[]>,
): readonly ScoredParticipant[] {
  const baseline = participants.find(({ participantType }) => participantType === 'baseline')
  const baselineTimes = baselineTimesOf(runs.get(baseline?.hotkey ?? '') ?? [])
  const terms = termsOf(tournament)
  return participants
    .filter(({ status }) => status !== 'withdrawn')
    .map((participant) => {
      const { status, reason, hotkey } = participant
      const outReason = status === 'failed' || status === 'disqualified' ? (reason ?? status) : null
      return { participant, score: scoreParticipant(runs.get(hotkey) ?? [], outReason, baselineTimes, terms) }
    })
}

function toRank({ participant, score }: ScoredParticipant): Parameters<typeof rankParticipants>[0][number] {
  const { hotkey, participantType, registrationOrder } = participant
  return { hotkey, kind: participantType, registrationOrder, score }
}

function resultOf(
  { tournamentId }: Tournament,
  place: RankedParticipant,
  scored: readonly ScoredParticipant[],
  now: Date,
): readonly TournamentResult[] {
  return scored
    .filter(({ participant }) => participant.hotkey === place.hotkey)
    .map(({ score }) => ({
      tournamentId,
      hotkey: place.hotkey,
      participantType: place.kind,
      ...earnedOf(score, now),
      rank: place.rank,
      isWinner: place.isWinner,
      isBaselineBeaten: place.isBaselineBeaten,
      participantsBeaten: place.beaten,
    }))
}

function scoreOf(
  tournament: Tournament,
  { participant, score }: ScoredParticipant,
  now: Date,
): BenchmarkScore {
  return {
    imageType: tournament.imageType,
    hotkey: participant.hotkey,
    epochId: participantEpochId(tournament, participant),
    tournamentId: tournament.tournamentId,
    participantType: participant.participantType,
    ...earnedOf(score, now),
    rank: null,
  }
}
