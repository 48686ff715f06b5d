import type { BenchmarkRun, Tournament, TournamentParticipant } from '@subnetkit/core'

import { lockNames } from '../../ports/locks.ts'
import { judgeDays } from '../../tournament/judge-days.ts'
import { takesPart } from '../../tournament/takes-part.ts'
import { competitionDays } from '../../tournament/tournament-days.ts'
import type { RecordDeps } from './contest-deps.ts'
import { findParticipants, findRunsByHotkey } from './find-participants.ts'
import { withinLock } from '../within-lock.ts'

/** Who is out, and why. */
export interface LeftParticipant {
  readonly hotkey: string
  readonly reason: string
}

/**
 * Ends the part of everybody whose runs so far show that it is over. Asked again it does nothing; whoever finds days done
 * asks again, so that nobody stays in because a process died.
 */
export async function judgeParticipants(
  deps: RecordDeps,
  tournament: Tournament,
  signal: AbortSignal,
): Promise<readonly LeftParticipant[]> {
  const days = competitionDays(tournament)
  const runs = await findRunsByHotkey(deps, tournament, { signal })
  const out: LeftParticipant[] = []
  for (const participant of await findParticipants(deps, tournament, { signal })) {
    if (!takesPart(participant)) continue
    const { disqualification } = judgeDays(days, runs.get(participant.hotkey) ?? [])
    if (disqualification === null) continue
    const { day, reason } = disqualification
    await markFabricated(deps, runs.get(participant.hotkey) ?? [], reason, signal)
    await dropOut(deps, participant, { status: 'disqualified', reason, disqualifiedOnDay: day }, signal)
    out.push({ hotkey: participant.hotkey, reason })
  }
  return out
}

/** The runs that made data up say so themselves; nobody else writes a run that is final. */
async function markFabricated(
  { repositories }: RecordDeps,
  runs: readonly BenchmarkRun[],
  reason: string,
  signal: AbortSignal,
): Promise<void> {
  for (const run of runs) {
    if (run.isDisqualified || (run.outcome?.fabricated ?? 0) === 0) continue
    const marked = { ...run, isDisqualified: true, disqualificationReason: reason }
    await repositories.benchmarkRuns.put({ run: marked }, { signal })
  }
}

/** Takes somebody who is still in out of a tournament. */
export async function dropOut(
  deps: RecordDeps,
  { tournamentId, hotkey }: TournamentParticipant,
  change: Pick<TournamentParticipant, 'status' | 'reason' | 'disqualifiedOnDay'>,
  signal: AbortSignal,
): Promise<void> {
  const { tournamentParticipants } = deps.repositories
  await withinLock(deps.locks, lockNames.tournament(tournamentId), signal, async (held) => {
    const before = await tournamentParticipants.get({ tournamentId, hotkey }, { signal: held })
    if (!takesPart(before)) return
    const participant = { ...before, ...change, updatedAt: deps.clock.now() }
    await tournamentParticipants.put({ participant }, { signal: held })
  })
}
