import {
  BASELINE_HOTKEY,
  type BenchmarkEpoch,
  type CallOptions,
  type Tournament,
  type TournamentParticipant,
} from '@subnetkit/core'

import { lockNames } from '../../ports/locks.ts'
import { type Copy, type EnteredTree, findCopies } from '../../tournament/find-copies.ts'
import { takesPart } from '../../tournament/takes-part.ts'
import { allPages } from '../all-pages.ts'
import { withinLock } from '../within-lock.ts'
import type { RecordDeps } from './contest-deps.ts'
import { findParticipants } from './find-participants.ts'
import { dropOut, type LeftParticipant } from './judge-participants.ts'
import { participantEpochId } from './start-tournament.ts'

/**
 * Ends the part of everybody whose files another entered before; see {@link findCopies}. Call it when submissions were
 * prepared, which tells their files, and before they run. Asked again it does nothing.
 */
export async function dropCopies(
  deps: RecordDeps,
  tournament: Tournament,
  signal: AbortSignal,
): Promise<readonly LeftParticipant[]> {
  const scanned = await findScanned(deps, tournament, { signal })
  const seen = new Map<string, number>()
  for (const { treeSha256 } of scanned) seen.set(treeSha256, (seen.get(treeSha256) ?? 0) + 1)
  const entered: EnteredTree[] = []
  // Only who shares files with somebody is looked up in earlier contests.
  for (const one of scanned) {
    if ((seen.get(one.treeSha256) ?? 0) > 1) entered.push(await enteredTree(deps, one, { signal }))
  }
  const out: LeftParticipant[] = []
  for (const copy of findCopies(entered)) {
    const found = scanned.find(({ participant }) => participant.hotkey === copy.hotkey)
    if (found === undefined || !takesPart(found.participant)) continue
    const reason = reasonOf(copy)
    // The epoch first: whoever finds it failed takes its participant out.
    await failEpoch(deps, found.epoch, reason, signal)
    await dropOut(deps, found.participant, { status: 'failed', reason, disqualifiedOnDay: null }, signal)
    out.push({ hotkey: copy.hotkey, reason })
  }
  return out
}

interface ScannedParticipant {
  readonly participant: TournamentParticipant
  readonly epoch: BenchmarkEpoch
  readonly treeSha256: string
}

/** Everybody whose files are known, also those who are out. */
async function findScanned(
  deps: RecordDeps,
  tournament: Tournament,
  options: CallOptions,
): Promise<readonly ScannedParticipant[]> {
  const { tournamentId } = tournament
  const { benchmarkEpochs } = deps.repositories
  const epochs = await allPages((page) => benchmarkEpochs.list({ tournamentId, ...page }, options))
  const participants = await findParticipants(deps, tournament, options)
  return participants.flatMap((participant) => {
    const epochId = participantEpochId(tournament, participant)
    const epoch = epochs.find((one) => one.epochId === epochId)
    const treeSha256 = epoch?.treeSha256 ?? null
    return epoch === undefined || treeSha256 === null ? [] : [{ participant, epoch, treeSha256 }]
  })
}

async function enteredTree(
  { repositories }: RecordDeps,
  { participant, epoch, treeSha256 }: ScannedParticipant,
  options: CallOptions,
): Promise<EnteredTree> {
  const { baselines, benchmarkEpochs, tournamentParticipants } = repositories
  const { hotkey, baselineId, registrationOrder, registeredAt } = participant
  const moments = [registeredAt]
  const epochs = await allPages((page) =>
    benchmarkEpochs.list({ hotkey, imageType: epoch.imageType, ...page }, options),
  )
  for (const { treeSha256: other, tournamentId, createdAt } of epochs) {
    if (other !== treeSha256) continue
    const earlier =
      tournamentId === null ? null : await tournamentParticipants.find({ tournamentId, hotkey }, options)
    moments.push(earlier?.registeredAt ?? createdAt)
  }
  if (baselineId !== null) moments.push((await baselines.get({ baselineId }, options)).createdAt)
  const enteredAt = new Date(Math.min(...moments.map((moment) => moment.getTime())))
  const isBaseline = participant.participantType === 'baseline'
  return { hotkey, isBaseline, treeSha256, enteredAt, registrationOrder }
}

function reasonOf({ original }: Copy): string {
  const whose = original === BASELINE_HOTKEY ? 'the baseline' : original
  return `copy: its files are those of ${whose}, entered earlier; only who entered them first runs with them`
}

async function failEpoch(
  deps: RecordDeps,
  { epochId }: BenchmarkEpoch,
  reason: string,
  signal: AbortSignal,
): Promise<void> {
  const { benchmarkEpochs } = deps.repositories
  await withinLock(deps.locks, lockNames.epoch(epochId), signal, async (held) => {
    const before = await benchmarkEpochs.get({ epochId }, { signal: held })
    if (before.status !== 'running') return
    const epoch: BenchmarkEpoch = {
      ...before,
      status: 'failed',
      errorMessage: reason,
      completedAt: deps.clock.now(),
    }
    await benchmarkEpochs.put({ epoch }, { signal: held })
  })
}
