import type { Tournament, TournamentParticipant, TournamentResult } from '@subnetkit/core'

import type { AdvancedTournament } from '../tasks/contests/advance-tournament.ts'
import type { TournamentDay } from '../tasks/contests/run-tournament-day.ts'
import { plainTable, visible } from './plain-table.ts'

/** A tournament as it may be shown: its seed only when it is over. */
export function shownTournament(tournament: Tournament): Omit<Tournament, 'datasetSeed'> & {
  readonly datasetSeed: string | null
} {
  return { ...tournament, datasetSeed: tournament.status === 'completed' ? tournament.datasetSeed : null }
}

/** What `tournament list` prints. */
export function tournamentsTable(
  tournaments: readonly Tournament[],
  miners: ReadonlyMap<string, number>,
): string {
  if (tournaments.length === 0) return 'no tournaments'
  return plainTable(
    ['name', 'type', 'status', 'competition', 'day', 'miners', 'winner', 'id'],
    tournaments.map((one) => [
      one.name,
      one.imageType,
      one.status,
      `${one.competitionStart} – ${one.competitionEnd}`,
      `${one.currentDay}/${one.epochDays}`,
      `${miners.get(one.tournamentId) ?? 0}/${one.maxParticipants}`,
      one.winnerHotkey ?? '–',
      one.tournamentId,
    ]),
  )
}

/** What `tournament show` prints. */
export function tournamentText(
  one: Tournament,
  participants: readonly TournamentParticipant[],
  results: readonly TournamentResult[],
): string {
  const rows = participants.map(({ hotkey, registrationOrder, status, reason, commit }) => {
    const result = results.find((found) => found.hotkey === hotkey)
    const score = result === undefined ? ['–', '–'] : [String(result.rank), result.finalScore.toFixed(6)]
    return [...score, hotkey, String(registrationOrder), commit.slice(0, 12), status, reason ?? '']
  })
  return [
    `${one.name} (${one.imageType}, ${one.status}): ${one.tournamentId}`,
    ...(one.cancelReason === null ? [] : [`  cancelled: ${visible(one.cancelReason)}`]),
    `  registration ${one.registrationStart} – ${one.registrationEnd}, competition ${one.competitionStart} – ${one.competitionEnd}, day ${one.currentDay} of ${one.epochDays}`,
    `  ${one.testNetworks.join(', ')} over ${one.testWindowDays.join(', ')} days, ${one.datasetTransfers} transfers each, rules ${one.ruleSet}, ${one.timeLimitMs / 1_000} s`,
    `  sha256 of the seed ${one.seedSha256}${one.status === 'completed' ? `, seed ${one.datasetSeed}` : ''}`,
    participants.length === 0
      ? '  nobody takes part yet'
      : plainTable(['rank', 'score', 'hotkey', 'order', 'commit', 'status', 'why'], rows),
  ].join('\n')
}

/** One line about a day, and one for each who is out. */
export function dayText(day: TournamentDay): string {
  const { completedRuns, failedRuns, timeoutRuns, foundDone, totalRuns } = day
  const done = foundDone === 0 ? '' : `, ${foundDone} of them found done`
  const out = [...day.refused, ...day.disqualified].map(
    ({ hotkey, reason }) => `  out: ${hotkey}: ${visible(reason)}`,
  )
  return [
    `Day ${day.day} (${day.testDate}): ${totalRuns} runs${done}: ${completedRuns} completed, ${failedRuns} failed, ${timeoutRuns} over time.`,
    ...out,
  ].join('\n')
}

/** What `tournament orchestrate` prints of one tournament. */
export function advancedText({ tournament, days, foundDone }: AdvancedTournament): string {
  const found = foundDone.length === 0 ? [] : [`  found done: ${foundDone.join(', ')}`]
  const { cancelReason, status, winnerHotkey } = tournament
  const won = status === 'completed' ? `, winner: ${winnerHotkey ?? 'none'}` : ''
  const end = cancelReason === null ? won : `: ${visible(cancelReason)}`
  return [`${tournament.name} is ${status}${end}`, ...found, ...days.map(dayText)].join('\n')
}
