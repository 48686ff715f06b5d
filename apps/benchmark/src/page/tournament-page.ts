import type { BenchmarkRun, Tournament, TournamentParticipant, TournamentResult } from '@subnetkit/core'
import { type Html, html } from '@subnetkit/core/http'

import { dateOfDay, runsOfDay } from '../published/contest-days.ts'
import { groupBy } from '../published/group-by.ts'
import { dayScoreOf } from '../published/run-standing.ts'
import { block, factList, pageDocument, table, tiles } from './page-document.ts'
import { componentBar, componentKeys } from './score-bars.ts'
import { chip, count, foreignText, participantLink, percent, score } from './shown-values.ts'
import { winnerText } from './tournaments-page.ts'

/** Participants that are drawn day by day; more than that is for the API. */
const MOST_ROWS = 200
const RELOAD_SECONDS = 30

/** What a tournament's page shows. */
export interface TournamentView {
  readonly tournament: Tournament
  /** Who takes part, by order of registration. */
  readonly participants: readonly TournamentParticipant[]
  /** By rank; none before it was scored. */
  readonly results: readonly TournamentResult[]
  readonly runs: readonly BenchmarkRun[]
  /** Whether its seed may be told. */
  readonly isShown: boolean
  /** Of the baseline that takes part; null for none, or when it is not known any more. */
  readonly baselineVersion: string | null
}

/** One tournament: who is where and why, and how each day went. */
export function tournamentPage(view: TournamentView): string {
  const { tournament } = view
  const isMoving = tournament.status === 'in_progress' || tournament.status === 'scoring'
  return pageDocument({
    title: tournament.name,
    section: 'tournaments',
    crumbs: [{ href: '/', label: 'Tournaments' }],
    lead: html`${chip(tournament.status)} ${tournament.imageType} submissions, scored by the rules
      <code>${tournament.ruleSet}</code>
      ${tournament.cancelReason === null ? html`` : html`<span class="reason">cancelled: ${foreignText(tournament.cancelReason)}</span>`}`,
    ...(isMoving ? { reloadSeconds: RELOAD_SECONDS } : {}),
    body: html`${overview(view)} ${block('Leaderboard', leaderboard(view))} ${block('Day by day', days(view))}
    ${block('Worlds and limits', settings(view))}`,
  })
}

function overview({ participants, tournament }: TournamentView): Html {
  const { competitionEnd, competitionStart, currentDay, epochDays, maxParticipants } = tournament
  const miners = participants.filter(({ participantType }) => participantType === 'miner')
  const out = miners.filter(({ status }) => status === 'failed' || status === 'disqualified').length
  return tiles([
    {
      label: 'Winner',
      value: winnerText(tournament),
      notes: tournament.isBaselineBeaten ? ['beat the baseline'] : [],
    },
    {
      label: 'Miners',
      value: `${miners.length} of ${maxParticipants}`,
      notes: [out === 0 ? 'none out' : `${out} failed or disqualified`],
    },
    {
      label: 'Day',
      value: `${currentDay} of ${epochDays}`,
      notes: [`${competitionStart} – ${competitionEnd}`],
    },
    {
      label: 'Registration',
      value: tournament.status === 'registration' ? 'open' : 'closed',
      notes: [`${tournament.registrationStart} – ${tournament.registrationEnd}`],
    },
  ])
}

function leaderboard({ participants, results, tournament }: TournamentView): Html {
  if (results.length === 0) return participantList(tournament, participants)
  const byHotkey = new Map(participants.map((one) => [one.hotkey, one] as const))
  const rows = results.map((result) => {
    const participant = byHotkey.get(result.hotkey)
    const reason = result.disqualification ?? participant?.reason ?? null
    return [
      `${result.rank}`,
      html`${participantLink(tournament.tournamentId, result.hotkey)}
      ${result.isWinner ? html`<span class="chip good">winner</span>` : html``}
      ${participant === undefined || isSound(participant) ? html`` : chip(participant.status)}
      ${reason === null ? html`` : html`<span class="reason">${foreignText(reason)}</span>`}`,
      html`${score(result.finalScore)} ${componentBar(result.components, result.finalScore)}`,
      percentOf(result, 'accuracy'),
      percentOf(result, 'correctness'),
      percentOf(result, 'performance'),
      count(result.runsCompleted),
      `${result.averageExecutionTimeSeconds.toFixed(2)} s`,
      `${result.participantsBeaten}`,
    ]
  })
  return html`${componentKeys(results.find(({ components }) => components.length > 0)?.components ?? [])}
  ${table(
    'Leaderboard',
    [
      { head: '#', look: 'n' },
      { head: 'Participant', look: 'text' },
      { head: 'Score', look: 'n' },
      { head: 'Accuracy', look: 'n' },
      { head: 'Correctness', look: 'n optional' },
      { head: 'Performance', look: 'n optional' },
      { head: 'Runs', look: 'n optional' },
      { head: 'Mean time', look: 'n optional' },
      { head: 'Beat', look: 'n optional' },
    ],
    rows,
  )}
  ${tournament.status === 'completed' ? html`` : html`<p class="note">${notFinalText(tournament)}</p>`}`
}

function notFinalText({ status }: Tournament): string {
  return status === 'cancelled'
    ? 'The tournament was cancelled: nobody won.'
    : 'Not final until the tournament is completed.'
}

function isSound({ status }: TournamentParticipant): boolean {
  return status !== 'failed' && status !== 'disqualified'
}

function percentOf(result: TournamentResult, wanted: TournamentResult['components'][number]['name']): string {
  return percent(result.components.find(({ name }) => name === wanted)?.score ?? null)
}

function participantList(tournament: Tournament, participants: readonly TournamentParticipant[]): Html {
  if (participants.length === 0) return html`<p class="none">Nobody has registered yet.</p>`
  return html`${table(
      'Participants',
      [
        { head: '#', look: 'n' },
        { head: 'Participant', look: 'text' },
        { head: 'Status', look: 'nowrap' },
      ],
      participants.map(({ hotkey, reason, registrationOrder, status }) => [
        `${registrationOrder}`,
        html`${participantLink(tournament.tournamentId, hotkey)}
        ${reason === null ? html`` : html`<span class="reason">${foreignText(reason)}</span>`}`,
        chip(status),
      ]),
    )}
    <p class="note">By order of registration; there are ranks once the tournament was scored.</p>`
}

function days({ participants, results, runs, tournament }: TournamentView): Html {
  if (runs.length === 0) return html`<p class="none">No run was made yet.</p>`
  const ranks = new Map(results.map(({ hotkey, rank }) => [hotkey, rank] as const))
  const last = Number.MAX_SAFE_INTEGER
  const rankOf = ({ hotkey, registrationOrder }: TournamentParticipant): number =>
    ranks.get(hotkey) ?? last + registrationOrder
  const byParticipant = groupBy(runs, ({ hotkey }) => hotkey)
  const path = `/tournaments/${tournament.tournamentId}`
  const numbers = Array.from({ length: tournament.epochDays }, (_, at) => at + 1)
  const shown = participants.toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, MOST_ROWS)
  return html`<div class="wide" tabindex="0" role="region" aria-label="Scores by day">
      <table class="grid">
        <thead>
          <tr>
            <th scope="col">Participant</th>
            ${numbers.map((day) => html`<th scope="col"><a href="${path}/days/${day}">Day ${day}</a></th>`)}
          </tr>
        </thead>
        <tbody>
          ${shown.map(({ hotkey }) => {
            const byDate = groupBy(byParticipant.get(hotkey) ?? [], ({ testDate }) => testDate)
            return html`<tr>
              <th scope="row">${participantLink(tournament.tournamentId, hotkey)}</th>
              ${numbers.map((day) => {
                const own = byDate.get(dateOfDay(tournament, day)) ?? []
                return html`<td>
                  ${cell(`${path}/participants/${hotkey}#day-${day}`, dayScoreOf(own, runsOfDay(tournament)), own.length)}
                </td>`
              })}
            </tr>`
          })}
        </tbody>
      </table>
    </div>
    <p class="note">
      Accuracy over all networks and windows of a day; what failed or is missing counts as 0.
      ${participants.length > MOST_ROWS ? `The first ${MOST_ROWS} of ${participants.length}.` : ''}
    </p>`
}

function cell(href: string, dayScore: number | null, runs: number): Html {
  if (runs === 0) return html`<span class="cell" title="no run">–</span>`
  if (dayScore === null) return html`<a class="cell" href="${href}" title="running">…</a>`
  // Five steps; 0 has a colour of its own.
  const heat = dayScore === 0 ? 0 : Math.min(5, Math.floor(dayScore * 5) + 1)
  return html`<a class="cell h${heat}" href="${href}">${(dayScore * 100).toFixed(1)}</a>`
}

function settings({ baselineVersion, isShown, tournament }: TournamentView): Html {
  const { baselineId, datasetSeed, datasetTransfers, seedSha256, testNetworks, testWindowDays, timeLimitMs } =
    tournament
  return html`${factList([
      ['Networks', testNetworks.join(', ')],
      ['Windows', testWindowDays.map((length) => `${length} days`).join(', ')],
      ['Transfers', `${count(datasetTransfers)} in each world`],
      ['Time limit', `${count(timeLimitMs / 1_000)} s for one run`],
      ['Baseline', baselineId === null ? 'none' : (baselineVersion ?? 'a version that is not kept any more')],
      ['SHA-256 of the seed', html`<code>${seedSha256}</code>`],
      ['Seed', isShown ? html`<code>${foreignText(datasetSeed)}</code>` : untoldSeedText(tournament)],
    ])}
    <p class="note">
      The hash binds the seed from the start: whoever hashes the seed afterwards sees that no world was
      changed on the way.
    </p>`
}

function untoldSeedText({ status }: Tournament): string {
  return status === 'cancelled'
    ? 'not told: the tournament was cancelled'
    : 'told once the tournament is completed'
}
