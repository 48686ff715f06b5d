import type { Tournament } from '@subnetkit/core'
import { type Html, html } from '@subnetkit/core/http'

import { block, pageDocument, table } from './page-document.ts'
import { chip, count, participantLink } from './shown-values.ts'

/** What the first page shows: one page of all tournaments. */
export interface TournamentsView {
  readonly tournaments: readonly Tournament[]
  /** By tournament; absent for none. */
  readonly miners: ReadonlyMap<string, number>
  readonly total: number
  readonly offset: number
  readonly limit: number
}

/** The first page: which tournaments there are, the latest first. */
export function tournamentsPage(view: TournamentsView): string {
  const { total } = view
  return pageDocument({
    title: 'Tournaments',
    section: 'tournaments',
    lead: html`Miners’ submissions, run on hidden worlds and ranked by what they found in them.`,
    body: block(total === 1 ? 'One tournament' : `${count(total)} tournaments`, list(view)),
  })
}

function list({ limit, miners, offset, total, tournaments }: TournamentsView): Html {
  if (tournaments.length === 0) {
    return html`<p class="none">
      ${offset > 0 ? 'There are no more.' : html`None yet. The operator makes one with <code>benchmark tournament create</code>, or a whole week with <code>benchmark week</code>.`}
    </p>`
  }
  const rows = tournaments.map((one) => [
    html`<a href="/tournaments/${one.tournamentId}">${one.name}</a>`,
    one.imageType,
    chip(one.status),
    html`${one.competitionStart} – ${one.competitionEnd}`,
    html`${miners.get(one.tournamentId) ?? 0} of ${one.maxParticipants}`,
    winnerText(one),
  ])
  return html`${table(
    'Tournaments',
    [
      { head: 'Name' },
      { head: 'Type', look: 'optional' },
      { head: 'Status', look: 'nowrap' },
      { head: 'Days', look: 'optional' },
      { head: 'Miners', look: 'n' },
      { head: 'Winner', look: 'nowrap' },
    ],
    rows,
  )}
  ${pager('/', offset, limit, total)}`
}

/** Who won, or why nobody did. */
export function winnerText(tournament: Tournament): Html {
  const { status, tournamentId, winnerHotkey } = tournament
  if (winnerHotkey !== null) return participantLink(tournamentId, winnerHotkey)
  if (status === 'cancelled') return html`<span class="dim">nobody</span>`
  if (status !== 'completed') return html`<span class="dim">–</span>`
  return html`<span class="dim"
    >${tournament.baselineId === null ? 'nobody' : 'nobody beat the baseline'}</span
  >`
}

/** Links to the pages before and after. */
export function pager(path: string, offset: number, limit: number, total: number): Html {
  const mark = path.includes('?') ? '&' : '?'
  const link = (to: number, label: string): Html => html`<a href="${path}${mark}offset=${to}">${label}</a>`
  if (offset === 0 && total <= limit) return html``
  return html`<p class="pager">
    ${offset > 0 ? link(Math.max(0, offset - limit), 'Earlier in the list') : html``}
    ${offset + limit < total ? link(offset + limit, 'Further in the list') : html``}
  </p>`
}
