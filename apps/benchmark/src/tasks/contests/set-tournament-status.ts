import { InputError, type Tournament, type TournamentStatus } from '@subnetkit/core'

import { lockNames } from '../../ports/locks.ts'
import type { RecordDeps } from './contest-deps.ts'
import { withinLock } from '../within-lock.ts'

/**
 * Moves a tournament from one state to another, unless it is there already; `first` is written before, under the same lock.
 *
 * @throws InputError when it is in a third state.
 */
export async function setTournamentStatus(
  deps: RecordDeps,
  move: Readonly<{ tournamentId: string; from: TournamentStatus; to: TournamentStatus }>,
  signal: AbortSignal,
  first: (tournament: Tournament, signal: AbortSignal) => Promise<Partial<Tournament>> = async () => ({}),
): Promise<Tournament> {
  const { tournamentId, from, to } = move
  const { tournaments } = deps.repositories
  return await withinLock(deps.locks, lockNames.tournament(tournamentId), signal, async (held) => {
    const before = await tournaments.get({ tournamentId }, { signal: held })
    if (before.status === to) return before
    if (before.status !== from) throw wrongStatus(before, from)
    const tournament = { ...before, ...(await first(before, held)), status: to }
    await tournaments.put({ tournament }, { signal: held })
    return tournament
  })
}

/** A step that does not fit a tournament's state. */
export function wrongStatus(tournament: Tournament, needed: TournamentStatus): InputError {
  const { name, status } = tournament
  if (status === 'cancelled') return wasCancelled(tournament)
  return new InputError({
    field: 'tournament',
    value: name,
    problem: `is in ${status}, not in ${needed}`,
    hint: 'benchmark tournament orchestrate does what is due',
  })
}

/** Nothing goes on in a tournament that was cancelled. */
export function wasCancelled({ name, cancelReason }: Tournament): InputError {
  return new InputError({
    field: 'tournament',
    value: name,
    problem: `was cancelled: ${cancelReason ?? 'no reason was given'}`,
    hint: 'open another one under another name',
  })
}
