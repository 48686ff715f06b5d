import type { BenchmarkRun, TournamentResult } from '@subnetkit/core'
import { type Html, html } from '@subnetkit/core/http'

import { isCodeShown } from '../published/code-secrecy.ts'
import type { HistoryDay, ParticipantHistory } from '../published/participant-history.ts'
import { block, factList, pageDocument, table, tiles } from './page-document.ts'
import { accuracyCell, dataText, outcomeText, runHref, standingCell, timeText } from './run-table.ts'
import { componentBar, componentKeys } from './score-bars.ts'
import { briefKey, chip, foreignText, moment, percent, score } from './shown-values.ts'

/** A participant's way through a tournament: its result and why, then each day with every network and window. */
export function participantPage(history: ParticipantHistory): string {
  const { days, participant, result, tournament } = history
  const path = `/tournaments/${tournament.tournamentId}`
  const isBaseline = participant.participantType === 'baseline'
  return pageDocument({
    title: isBaseline ? 'The baseline' : `Miner ${briefKey(participant.hotkey)}`,
    section: 'tournaments',
    crumbs: [
      { href: '/', label: 'Tournaments' },
      { href: path, label: tournament.name },
    ],
    lead: html`${chip(participant.status)}
    ${isBaseline ? html`` : html`<a class="mono" href="/miners/${participant.hotkey}">${participant.hotkey}</a>`}`,
    body: html`${summary(history)} ${result === null ? html`` : block('Score', scorePart(result))}
    ${block('Day by day', dayParts(days, tournament.tournamentId))} ${block('Entered', entered(history))}`,
  })
}

function summary({ days, participant, result, tournament }: ParticipantHistory): Html {
  const finals = days.flatMap(({ dayScore }) => (dayScore === null ? [] : [dayScore]))
  const mean = finals.length === 0 ? null : finals.reduce((sum, one) => sum + one, 0) / finals.length
  const reason = result?.disqualification ?? participant.reason
  return html`${tiles([
    {
      label: 'Rank',
      value: result === null ? 'not yet' : `${result.rank}`,
      notes: [result === null ? 'told once it was scored' : `beat ${result.participantsBeaten} others`],
    },
    { label: 'Score', value: score(result?.finalScore ?? null), notes: [tournament.ruleSet] },
    {
      label: 'Accuracy',
      value: percent(mean),
      notes: [finals.length === 1 ? 'of one day' : `mean of ${finals.length} days`],
    },
    {
      label: 'Runs that ended well',
      value: `${days.flatMap(({ runs }) => runs).filter(({ status }) => status === 'completed').length}`,
      notes: [`of ${days.reduce((sum, { expectedRuns }) => sum + expectedRuns, 0)} in ${days.length} days`],
    },
  ])}
  ${reason === null ? html`` : block('Why', html`<p class="text">${foreignText(reason)}</p>`)}`
}

function scorePart(result: TournamentResult): Html {
  return html`${componentKeys(result.components)}
    <p>${score(result.finalScore)} ${componentBar(result.components, result.finalScore)}</p>
    ${table(
      'Parts of the score',
      [
        { head: 'Part' },
        { head: 'Weight', look: 'n' },
        { head: 'Score', look: 'n' },
        { head: 'Adds', look: 'n' },
      ],
      result.components.map(({ name, score: value, weight }) => [
        name,
        `${weight} %`,
        score(value),
        result.finalScore === 0 ? '0' : score((value * weight) / 100),
      ]),
    )}
    ${factList([
      ['Mean time', `${result.averageExecutionTimeSeconds.toFixed(2)} s`],
      ['Baseline’s time over it', `${result.baselineComparisonRatio.toFixed(2)} ×`],
      ['Data', result.isDataCorrectOnAllDays ? 'sound on all days' : 'not sound on all days'],
      ['Time limit', result.isWithinTimeLimit ? 'kept in every run' : 'not kept in every run'],
    ])}`
}

function dayParts(days: readonly HistoryDay[], tournamentId: string): Html {
  if (days.length === 0) return html`<p class="none">No run was made yet.</p>`
  return html`${days.map(
    ({ dayNumber, dayScore, expectedRuns, runs, testDate }) =>
      html`<h3 id="day-${dayNumber}">
          <a href="/tournaments/${tournamentId}/days/${dayNumber}">Day ${dayNumber}</a>
          <span class="dim">${testDate}, ${percent(dayScore)} over ${expectedRuns} runs</span>
        </h3>
        ${dayTable(runs, tournamentId, dayNumber)}`,
  )}`
}

function dayTable(runs: readonly BenchmarkRun[], tournamentId: string, day: number): Html {
  return table(
    `Runs of day ${day}`,
    [
      { head: 'World' },
      { head: 'Status', look: 'text' },
      { head: 'Accuracy', look: 'n' },
      { head: 'Found', look: 'nowrap' },
      { head: 'Data', look: 'optional' },
      { head: 'Time', look: 'n optional' },
    ],
    runs.map((run) => [
      html`<a href="${runHref(run, tournamentId, day)}">${run.network}, ${run.windowDays} days</a>`,
      standingCell(run),
      accuracyCell(run),
      outcomeText(run),
      dataText(run),
      timeText(run),
    ]),
  )
}

function entered({ participant, tournament }: ParticipantHistory): Html {
  const isShown = isCodeShown(tournament)
  const secret = 'told once nobody can register any more'
  return factList([
    ['Registered', moment(participant.registeredAt)],
    ['Order', `${participant.registrationOrder}`],
    ['Repository', isShown ? html`<code>${foreignText(participant.repository)}</code>` : secret],
    ['Commit', isShown ? html`<code>${participant.commit}</code>` : secret],
  ])
}
