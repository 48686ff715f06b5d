import {
  type BenchmarkEpoch,
  defineTask,
  InputError,
  type TaskControl,
  type Tournament,
  type TournamentParticipant,
  utcDateSchema,
  type UtcDate,
} from '@subnetkit/core'

import { lockNames } from '../../ports/locks.ts'
import { planDay } from '../../tournament/planned-run.ts'
import { takesPart } from '../../tournament/takes-part.ts'
import { dayNumberOf } from '../../tournament/tournament-days.ts'
import type { ContestDeps } from './contest-deps.ts'
import { dropCopies } from './drop-copies.ts'
import { findParticipants } from './find-participants.ts'
import { dropOut, judgeParticipants, type LeftParticipant } from './judge-participants.ts'
import { performPlannedRuns } from './perform-planned-runs.ts'
import { prepareEpoch } from './prepare-epoch.ts'
import { wasCancelled, wrongStatus } from './set-tournament-status.ts'
import { participantEpochId, tournamentContextSchema } from './start-tournament.ts'
import { withinLock } from '../within-lock.ts'

/** What a day of a tournament came to. */
export interface TournamentDay {
  readonly tournamentId: string
  readonly testDate: UtcDate
  /** From 1. */
  readonly day: number
  readonly totalRuns: number
  /** Of these, done before this call. */
  readonly foundDone: number
  readonly completedRuns: number
  readonly failedRuns: number
  readonly timeoutRuns: number
  /** Out since today: their submission was refused, did not build, or is a copy. */
  readonly refused: readonly LeftParticipant[]
  /** Out since today by what they reported. */
  readonly disqualified: readonly LeftParticipant[]
}

/**
 * Runs a day of a competition: submissions that were not built yet are prepared, copies are left out, every participant that
 * is still in runs on every network and window, and what came out is judged. A refused or crashing submission stops nobody
 * else. Killed anywhere, the same call goes on: what is done is known by the runs themselves.
 *
 * @throws InputError when the competition is not on, is cancelled meanwhile, or the day is none of it; StorageError when the machine could not do
 * some of the runs.
 */
export const runTournamentDay = defineTask({
  name: 'run-tournament-day',
  context: tournamentContextSchema.extend({ testDate: utcDateSchema }),
  run: async (deps: ContestDeps, { tournamentId, testDate }, control): Promise<TournamentDay> => {
    const { tournament, day } = await enterDay(deps, tournamentId, testDate, control.signal)
    // Who was found out on an earlier day whose process died before it could say so.
    await judgeParticipants(deps, tournament, control.signal)
    const all = await findParticipants(deps, tournament, { signal: control.signal })
    const prepared = await prepareParticipants(deps, tournament, all.filter(takesPart), control)
    const copies = await dropCopies(deps, tournament, control.signal)
    const ready = prepared.ready.filter(({ hotkey }) => !copies.some((copy) => copy.hotkey === hotkey))
    const runners = ready.map(({ epochId, hotkey, imageType, order }) => ({
      epochId,
      hotkey,
      imageType,
      order,
    }))
    const planned = planDay(runners, {
      testDate,
      networks: tournament.testNetworks,
      windowDays: tournament.testWindowDays,
    })
    const { runs, foundDone } = await performPlannedRuns(deps, planned, control).catch(
      async (error: unknown) => {
        // Runs of a cancelled tournament are refused one by one; that is not the machine's failure.
        const now = await deps.repositories.tournaments.get({ tournamentId }, { signal: control.signal })
        throw now.status === 'cancelled' ? wasCancelled(now) : error
      },
    )
    const disqualified = await judgeParticipants(deps, tournament, control.signal)
    if (prepared.failures.length > 0) throw prepared.failures[0]
    const count = (status: string): number => runs.filter((run) => run.status === status).length
    return {
      tournamentId,
      testDate,
      day,
      totalRuns: runs.length,
      foundDone,
      completedRuns: count('completed'),
      failedRuns: count('failed'),
      timeoutRuns: count('timeout'),
      refused: [...prepared.refused, ...copies],
      disqualified,
    }
  },
})

async function enterDay(
  deps: ContestDeps,
  tournamentId: string,
  testDate: UtcDate,
  signal: AbortSignal,
): Promise<{ tournament: Tournament; day: number }> {
  const { tournaments } = deps.repositories
  return await withinLock(deps.locks, lockNames.tournament(tournamentId), signal, async (held) => {
    const before = await tournaments.get({ tournamentId }, { signal: held })
    if (before.status !== 'in_progress') throw wrongStatus(before, 'in_progress')
    const day = dayNumberOf(before, testDate)
    if (day === null) throw notADay(before, testDate)
    if (before.currentDay >= day) return { tournament: before, day }
    const tournament = { ...before, currentDay: day }
    await tournaments.put({ tournament }, { signal: held })
    return { tournament, day }
  })
}

function notADay({ name, competitionStart, competitionEnd }: Tournament, testDate: string): InputError {
  return new InputError({
    field: 'testDate',
    value: testDate,
    problem: `is no day of ${name}`,
    hint: `give one from ${competitionStart} to ${competitionEnd}`,
  })
}

interface PreparedParticipants {
  readonly ready: readonly (BenchmarkEpoch & { readonly order: number })[]
  readonly refused: readonly LeftParticipant[]
  /** What the machine could not do; these participants wait for the next try of the day. */
  readonly failures: readonly unknown[]
}

async function prepareParticipants(
  deps: ContestDeps,
  tournament: Tournament,
  participants: readonly TournamentParticipant[],
  control: TaskControl,
): Promise<PreparedParticipants> {
  const ready: (BenchmarkEpoch & { order: number })[] = []
  const refused: LeftParticipant[] = []
  const failures: unknown[] = []
  for (const [at, participant] of participants.entries()) {
    control.progress({ stage: 'submissions', unit: 'submissions', done: at, total: participants.length })
    try {
      const epochId = participantEpochId(tournament, participant)
      const found = await deps.repositories.benchmarkEpochs.get({ epochId }, { signal: control.signal })
      const epoch = await prepareEpoch(deps, found, control)
      if (epoch.status === 'failed') {
        const reason = epoch.errorMessage ?? 'failed'
        await dropOut(
          deps,
          participant,
          { status: 'failed', reason, disqualifiedOnDay: null },
          control.signal,
        )
        refused.push({ hotkey: participant.hotkey, reason })
      } else {
        ready.push({ ...epoch, order: participant.registrationOrder })
      }
    } catch (error) {
      control.signal.throwIfAborted()
      control.log.warn({ hotkey: participant.hotkey, err: error }, 'a participant could not be prepared')
      failures.push(error)
    }
  }
  return { ready, refused, failures }
}
