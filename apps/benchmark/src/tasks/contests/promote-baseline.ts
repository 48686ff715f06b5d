import { type Baseline, defineTask, type Tournament } from '@subnetkit/core'

import { baselineIdOf } from '../../benchmark-ids.ts'
import { lockNames } from '../../ports/locks.ts'
import { nextBaselineVersion } from '../../tournament/next-baseline-version.ts'
import { activateBaseline, type BaselineDeps, findBaselines } from './activate-baseline.ts'
import { wrongStatus } from './set-tournament-status.ts'
import { tournamentContextSchema } from './start-tournament.ts'
import { withinLock } from '../within-lock.ts'

/** Whether a winner became the baseline. */
export type PromotedBaseline =
  | { readonly isPromoted: true; readonly baseline: Baseline }
  | { readonly isPromoted: false; readonly reason: string }

/**
 * Makes the winner of a tournament the next baseline, at the commit that won; only a miner who beat the baseline. A version
 * that a killed promotion began is finished; what was promoted already stays as it is, also when others followed.
 *
 * @throws InputError before the tournament is completed.
 */
export const promoteBaseline = defineTask({
  name: 'promote-baseline',
  context: tournamentContextSchema,
  run: async (deps: BaselineDeps, { tournamentId }, control): Promise<PromotedBaseline> => {
    const { tournaments } = deps.repositories
    const tournament = await tournaments.get({ tournamentId }, { signal: control.signal })
    if (tournament.status !== 'completed') throw wrongStatus(tournament, 'completed')
    const { winnerHotkey, isBaselineBeaten, imageType } = tournament
    if (winnerHotkey === null) return notPromoted('no miner won the tournament')
    if (!isBaselineBeaten)
      return notPromoted('there was no baseline to beat: seed one with benchmark baseline seed')
    const name = lockNames.baseline(imageType)
    return await withinLock(deps.locks, name, control.signal, async (signal) => {
      const all = await findBaselines(deps, { imageType }, signal)
      const begun = all.find((one) => one.originatedFromTournamentId === tournamentId)
      if (begun?.status === 'deprecated') return { isPromoted: true, baseline: begun }
      const wanted = begun ?? (await nextBaseline(deps, tournament, winnerHotkey, all, signal))
      const activated = await activateBaseline(deps, wanted, { ...control, signal })
      if (!activated.isActive) return notPromoted(`${wanted.version}: ${activated.reason}`)
      return { isPromoted: true, baseline: activated.baseline }
    })
  },
})

function notPromoted(reason: string): PromotedBaseline {
  return { isPromoted: false, reason }
}

async function nextBaseline(
  { repositories, clock }: BaselineDeps,
  { tournamentId, imageType }: Tournament,
  hotkey: string,
  all: readonly Baseline[],
  signal: AbortSignal,
): Promise<Baseline> {
  const winner = await repositories.tournamentParticipants.get({ tournamentId, hotkey }, { signal })
  const version = nextBaselineVersion(all.map((one) => one.version))
  return {
    baselineId: baselineIdOf({ imageType, version }),
    imageType,
    version,
    repository: winner.repository,
    commit: winner.commit,
    originatedFromTournamentId: tournamentId,
    originatedFromHotkey: hotkey,
    status: 'building',
    errorMessage: null,
    createdAt: clock.now(),
    activatedAt: null,
    deprecatedAt: null,
  }
}
