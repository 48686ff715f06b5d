import {
  type BenchmarkRun,
  defineTask,
  type TaskControl,
  type Tournament,
  type TournamentParticipant,
  type TournamentStatus,
  utcDateSchema,
} from '@subnetkit/core'

import { nextStatus } from '../../tournament/next-status.ts'
import { takesPart } from '../../tournament/takes-part.ts'
import { competitionDays } from '../../tournament/tournament-days.ts'
import { allPages } from '../all-pages.ts'
import { completeTournament } from './complete-tournament.ts'
import type { ContestDeps } from './contest-deps.ts'
import { findParticipants, findRunsByHotkey } from './find-participants.ts'
import { isFinalRun } from '../runs/run-row.ts'
import { judgeParticipants } from './judge-participants.ts'
import { runTournamentDay, type TournamentDay } from './run-tournament-day.ts'
import { scoreTournament } from './score-tournament.ts'
import { setTournamentStatus } from './set-tournament-status.ts'
import { startTournament, tournamentContextSchema } from './start-tournament.ts'

/** What was done for a tournament. */
export interface AdvancedTournament {
  readonly tournament: Tournament
  /** Days that were run now, each to its end. */
  readonly days: readonly TournamentDay[]
  /** Days that were due and found done. */
  readonly foundDone: readonly string[]
}

/**
 * Does everything that is due for a tournament on a day: opens and ends registration, runs the days up to this one that are
 * not done, scores and completes. Each step leaves the tournament where a retry goes on; asked again it does nothing.
 */
export const advanceTournament = defineTask({
  name: 'advance-tournament',
  context: tournamentContextSchema.extend({ today: utcDateSchema }),
  run: async (deps: ContestDeps, { tournamentId, today }, control): Promise<AdvancedTournament> => {
    const days: TournamentDay[] = []
    const foundDone = new Set<string>()
    for (;;) {
      control.signal.throwIfAborted()
      const tournament = await deps.repositories.tournaments.get({ tournamentId }, { signal: control.signal })
      let areDaysDone = false
      if (tournament.status === 'in_progress') {
        const open = await openDays(deps, tournament, control.signal)
        areDaysDone = open.length === 0
        for (const day of competitionDays(tournament)) {
          if (day <= today && !open.includes(day) && !days.some(({ testDate }) => testDate === day)) {
            foundDone.add(day)
          }
        }
        const due = open.find((day) => day <= today)
        if (due !== undefined) {
          days.push(await control.runNested(runTournamentDay, deps, { tournamentId, testDate: due }))
          continue
        }
        if (areDaysDone) await judgeParticipants(deps, tournament, control.signal)
      }
      if (tournament.status === 'scoring') await control.runNested(scoreTournament, deps, { tournamentId })
      const next = nextStatus(tournament, today, { areDaysDone, isScored: tournament.status === 'scoring' })
      if (next === null) return { tournament, days, foundDone: [...foundDone] }
      await enter(deps, tournament, next, control)
    }
  },
})

async function enter(
  deps: ContestDeps,
  { tournamentId, status }: Tournament,
  next: TournamentStatus,
  control: TaskControl,
): Promise<void> {
  if (next === 'in_progress') await control.runNested(startTournament, deps, { tournamentId })
  else if (next === 'completed') await control.runNested(completeTournament, deps, { tournamentId })
  else await setTournamentStatus(deps, { tournamentId, from: status, to: next }, control.signal)
}

/** Days on which somebody who is still in has runs to do, in order. */
async function openDays(
  deps: ContestDeps,
  tournament: Tournament,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const participants = (await findParticipants(deps, tournament, { signal })).filter(takesPart)
  const runs = await findRunsByHotkey(deps, tournament, { signal })
  return competitionDays(tournament).filter((day) =>
    participants.some((participant) => !isDayDone(tournament, participant, runs, day)),
  )
}

function isDayDone(
  { testNetworks, testWindowDays }: Tournament,
  { hotkey }: TournamentParticipant,
  runs: ReadonlyMap<string, readonly BenchmarkRun[]>,
  day: string,
): boolean {
  const done = (runs.get(hotkey) ?? []).filter((run) => run.testDate === day && isFinalRun(run))
  return done.length >= testNetworks.length * testWindowDays.length
}

/** All tournaments of a type that are not over, oldest competition first. */
export async function findOpenTournaments(
  { repositories }: Pick<ContestDeps, 'repositories'>,
  { imageType }: Pick<Tournament, 'imageType'>,
  signal: AbortSignal,
): Promise<readonly Tournament[]> {
  const statuses = ['draft', 'registration', 'in_progress', 'scoring'] as const
  const open = await allPages((page) =>
    repositories.tournaments.list({ imageType, statuses, ...page }, { signal }),
  )
  return open.toReversed()
}
