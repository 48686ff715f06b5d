import { type BenchmarkScore, type ImageType, imageTypes } from '@subnetkit/core'
import { type Html, html } from '@subnetkit/core/http'

import { block, pageDocument, table } from './page-document.ts'
import { componentBar, componentKeys } from './score-bars.ts'
import { briefKey, foreignText, moment, score } from './shown-values.ts'
import { pager } from './tournaments-page.ts'

/** One page of a ranking. */
export interface RankingsView {
  readonly imageType: ImageType
  readonly scores: readonly BenchmarkScore[]
  readonly total: number
  readonly offset: number
  readonly limit: number
}

/** Miners by the newest of their epochs outside of tournaments. */
export function rankingsPage(view: RankingsView): string {
  return pageDocument({
    title: 'Rankings',
    section: 'rankings',
    lead: html`Each miner’s newest epoch outside of tournaments.`,
    body: html`<p class="tabs">${imageTypes.map((type) => tab(type, view.imageType))}</p>
      ${block(`${view.imageType} submissions`, list(view))}`,
  })
}

function tab(type: ImageType, current: ImageType): Html {
  return type === current
    ? html`<a href="/rankings?image_type=${type}" aria-current="true">${type}</a> `
    : html`<a href="/rankings?image_type=${type}">${type}</a> `
}

function list({ imageType, limit, offset, scores, total }: RankingsView): Html {
  if (scores.length === 0) {
    return html`<p class="none">
      Nobody was ranked yet. The operator runs <code>benchmark tournament orchestrate</code>; tournaments have
      leaderboards of their own.
    </p>`
  }
  return html`${componentKeys(scores.find(({ components }) => components.length > 0)?.components ?? [])}
  ${table(
    'Ranking',
    [
      { head: '#', look: 'n' },
      { head: 'Miner', look: 'text' },
      { head: 'Score', look: 'n' },
      { head: 'Scored', look: 'optional' },
    ],
    scores.map((one) => [
      one.rank === null ? '–' : `${one.rank}`,
      html`<a class="mono" href="/miners/${one.hotkey}" title="${one.hotkey}">${briefKey(one.hotkey)}</a>
        ${one.disqualification === null ? html`` : html`<span class="reason">${foreignText(one.disqualification)}</span>`}`,
      html`${score(one.finalScore)} ${componentBar(one.components, one.finalScore)}`,
      moment(one.calculatedAt),
    ]),
  )}
  ${pager(`/rankings?image_type=${imageType}`, offset, limit, total)}`
}
