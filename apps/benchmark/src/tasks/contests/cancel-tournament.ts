import { type BenchmarkEpoch, defineTask, InputError, type Tournament } from '@subnetkit/core'
import { z } from 'zod'

import { lockNames } from '../../ports/locks.ts'
import { allPages } from '../all-pages.ts'
import { withinLock } from '../within-lock.ts'
import type { RecordDeps } from './contest-deps.ts'
import { tournamentContextSchema } from './start-tournament.ts'

/**
 * Ends a tournament before its end, with a reason that everybody is told: no further run is begun, nobody wins, its seed
 * stays a secret. A run that is on its way is judged and kept. Asked again it finishes what a killed call left, and keeps
 * the first reason.
 *
 * @throws InputError when it is completed.
 */
export const cancelTournament = defineTask({
  name: 'cancel-tournament',
  context: tournamentContextSchema.extend({
    reason: z.string().trim().min(1, 'must say why').max(1_000),
  }),
  run: async (deps: RecordDeps, { tournamentId, reason }, { signal }): Promise<Tournament> => {
    // The status first: from here on no step of the tournament goes on, so that what follows may be done at any time.
    const tournament = await withinLock(deps.locks, lockNames.tournament(tournamentId), signal, (held) =>
      markCancelled(deps, { tournamentId, reason }, held),
    )
    await withdrawWin(deps, tournament, signal)
    await endEpochs(deps, tournament, signal)
    return tournament
  },
})

async function markCancelled(
  { clock, repositories: { tournaments } }: RecordDeps,
  { tournamentId, reason }: Readonly<{ tournamentId: string; reason: string }>,
  signal: AbortSignal,
): Promise<Tournament> {
  const before = await tournaments.get({ tournamentId }, { signal })
  if (before.status === 'cancelled') return before
  if (before.status === 'completed') {
    throw new InputError({
      field: 'tournament',
      value: before.name,
      problem: 'is completed: its results stand',
      hint: 'what must not win again is not promoted, or replaced: benchmark baseline seed --replace',
    })
  }
  const tournament: Tournament = {
    ...before,
    status: 'cancelled',
    cancelReason: reason,
    completedAt: clock.now(),
  }
  await tournaments.put({ tournament }, { signal })
  return tournament
}

/** It may have been scored already. */
async function withdrawWin(
  { repositories: { tournamentResults } }: RecordDeps,
  { tournamentId }: Tournament,
  signal: AbortSignal,
): Promise<void> {
  const results = await allPages((page) => tournamentResults.list({ tournamentId, ...page }, { signal }))
  const won = results.filter(({ isWinner }) => isWinner).map((result) => ({ ...result, isWinner: false }))
  if (won.length > 0) await tournamentResults.put({ results: won }, { signal })
}

async function endEpochs(
  { clock, locks, repositories: { benchmarkEpochs } }: RecordDeps,
  { cancelReason, tournamentId }: Tournament,
  signal: AbortSignal,
): Promise<void> {
  const epochs = await allPages((page) => benchmarkEpochs.list({ tournamentId, ...page }, { signal }))
  for (const { epochId } of epochs.filter(isOpen)) {
    await withinLock(locks, lockNames.epoch(epochId), signal, async (held) => {
      const before = await benchmarkEpochs.get({ epochId }, { signal: held })
      if (!isOpen(before)) return
      const epoch: BenchmarkEpoch = {
        ...before,
        status: 'failed',
        errorMessage: `the tournament was cancelled: ${cancelReason ?? ''}`,
        completedAt: clock.now(),
      }
      await benchmarkEpochs.put({ epoch }, { signal: held })
    })
  }
}

function isOpen({ status }: BenchmarkEpoch): boolean {
  return status === 'pending' || status === 'running'
}
