import type { WeekReport, WeekRow } from '../week/week-report.ts'
import { plainTable, visible } from './plain-table.ts'

/** What `week` prints: who ran it, the ranks, and why the others earned nothing. */
export function weekText(report: WeekReport): string {
  const { found, rows } = report
  const nothing = rows.filter((row) => row.reason !== null)
  return [
    `${report.name}: run in ${report.sandbox} (${visible(report.sandboxDescription)}).`,
    ...foundText(found),
    '',
    plainTable(
      [
        'rank',
        'name',
        'score',
        report.imageType === 'ml' ? 'scored' : 'found',
        'reported',
        'runs',
        'status',
        'hotkey',
      ],
      rows.map((row) => [
        row.rank === null ? '–' : String(row.rank),
        row.name,
        row.finalScore.toFixed(6),
        `${row.found}/${row.planted}`,
        String(row.reported),
        `${row.runsCompleted}/${row.runsExpected}`,
        row.status,
        row.hotkey,
      ]),
    ),
    ...(nothing.length === 0 ? [] : ['', 'Earned nothing:']),
    ...nothing.map(({ name, reason }) => `  ${visible(name)}: ${visible(reason ?? '')}`),
    '',
    winnerText(report, rows),
    ...(report.promotion === null ? [] : [visible(report.promotion)]),
    `Seed of all datasets: ${report.datasetSeed} (sha256 ${report.seedSha256}, known from the start).`,
    `Tournament ${report.tournamentId}.`,
  ].join('\n')
}

function foundText({ isTournamentNew, participants, days, runs }: WeekReport['found']): readonly string[] {
  if (isTournamentNew) return []
  const parts = [
    `${participants} registrations`,
    ...(days.length === 0 ? [] : [`all runs of ${days.join(', ')}`]),
    ...(runs === 0 ? [] : [`${runs} runs of another day`]),
  ]
  return [`Found done and not done again: ${parts.join(', ')}.`]
}

function winnerText({ winnerHotkey, isBaselineBeaten }: WeekReport, rows: readonly WeekRow[]): string {
  if (winnerHotkey === null) return 'No winner: nobody was better than the baseline, or than nothing.'
  const name = rows.find(({ hotkey }) => hotkey === winnerHotkey)?.name ?? winnerHotkey
  return `Winner: ${visible(name)}${isBaselineBeaten ? ', better than the baseline' : ''}.`
}
