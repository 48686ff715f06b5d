import { type Html, html } from '@subnetkit/core/http'

import type { DayEntry, DayRun, TournamentDay } from '../published/tournament-day.ts'
import { block, pageDocument, table } from './page-document.ts'
import { accuracyCell, dataText, outcomeText, runHref, standingCell, timeText } from './run-table.ts'
import { participantLink } from './shown-values.ts'

/** One day of a tournament, by participant, in counts. */
export function dayPage(day: TournamentDay): string {
  const { dayNumber, entries, testDate, tournament } = day
  const path = `/tournaments/${tournament.tournamentId}`
  const to = (number: number, label: string): Html =>
    number < 1 || number > tournament.epochDays ? html`` : html`<a href="${path}/days/${number}">${label}</a>`
  return pageDocument({
    title: `Day ${dayNumber} of ${tournament.name}`,
    section: 'tournaments',
    crumbs: [
      { href: '/', label: 'Tournaments' },
      { href: path, label: tournament.name },
    ],
    lead: html`${testDate}, of ${tournament.epochDays} days`,
    body: html`${block('Runs', runs(entries, tournament.tournamentId, dayNumber))}
      <p class="pager">
        ${to(dayNumber - 1, `Day ${dayNumber - 1}`)} ${to(dayNumber + 1, `Day ${dayNumber + 1}`)}
      </p>`,
  })
}

function runs(entries: readonly DayEntry[], tournamentId: string, day: number): Html {
  if (entries.length === 0) return html`<p class="none">No run of this day was made yet.</p>`
  const row = (entry: DayEntry, { comparison, run }: DayRun): readonly (string | Html)[] => [
    participantLink(tournamentId, entry.participant.hotkey),
    html`<a href="${runHref(run, tournamentId, day)}">${run.network}, ${run.windowDays} days</a>`,
    standingCell(run),
    accuracyCell(run),
    outcomeText(run),
    dataText(run),
    timeText(run),
    comparison === null ? '–' : `${comparison.recall.toFixed(2)} ×`,
  ]
  return html`${table(
      'Runs of the day',
      [
        { head: 'Participant', look: 'nowrap' },
        { head: 'World' },
        { head: 'Status', look: 'text' },
        { head: 'Accuracy', look: 'n' },
        { head: 'Found', look: 'optional' },
        { head: 'Data', look: 'optional' },
        { head: 'Time', look: 'n optional' },
        { head: 'Of the baseline', look: 'n optional' },
      ],
      entries.flatMap((entry) => entry.runs.map((run) => row(entry, run))),
    )}
    <p class="note">
      Found: planted patterns that were found, and the reports that it took. Of the baseline: recall over the
      baseline’s on the same world.
    </p>`
}
