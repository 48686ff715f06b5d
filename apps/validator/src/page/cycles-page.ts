import type { CycleWeight, Page, WeightCycle } from '@subnetkit/core'
import { type Html, html } from '@subnetkit/core/http'

import type { PublishedCycle } from '../published/published-record.ts'
import { stateTag, stateText, wayMark } from './cycle-marks.ts'
import { dataTable, emptyState, pageShell, panel } from './page-shell.ts'
import { cycleLink, minerLink, showCount, showShare, showTime } from './page-text.ts'

const SHOWN_WEIGHTS = 1_024

/** Cycles with their states, newest first. */
export function cyclesPage({ items, nextCursor }: Page<PublishedCycle>, isFirst: boolean): string {
  const older =
    nextCursor === null
      ? html``
      : html`<a href="/cycles?cursor=${encodeURIComponent(nextCursor)}" rel="next">Older cycles</a>`
  const newest = isFirst ? html`` : html`<a href="/cycles">Newest cycles</a>`
  return pageShell({
    title: 'Cycles of weights',
    section: 'cycles',
    body: html`<h1>Cycles of weights</h1>
      <p class="sub">One vector of weights each, on its way from scores to the epoch that pays by it.</p>
      <section class="panel">
        ${items.length === 0 ? emptyState('No weights were submitted yet.', 'validator weights watch') : cycleTable(items)}
        <p class="tabs">${newest} ${older}</p>
      </section>`,
  })
}

function cycleTable(cycles: readonly PublishedCycle[]): Html {
  return dataTable(
    'Cycles, newest first',
    [
      { label: 'Cycle', kind: 'tight' },
      { label: 'State', kind: 'tight' },
      { label: 'Way', kind: 'tight wide-only' },
      { label: 'Prepared', kind: 'tight' },
      { label: 'Miners', kind: 'num wide-only' },
      { label: 'Tries', kind: 'num wide-only' },
      { label: 'In block', kind: 'num wide-only' },
      { label: 'Effective at', kind: 'num wide-only' },
    ],
    cycles.map(({ summary }) => [
      cycleLink(summary.cycleId),
      html`${stateTag(summary.state)}${summary.reason === null ? '' : html` <span class="muted wide-only">${summary.reason}</span>`}`,
      wayMark(summary),
      showTime(summary.createdAt),
      html`${summary.weightedMiners}`,
      html`${summary.attempts}`,
      block(summary.inclusionBlock),
      block(summary.effectiveBlock),
    ]),
  )
}

/** One cycle: what it was made of, its steps, and what was sent to whom. */
export function cyclePage(cycle: WeightCycle & Pick<PublishedCycle, 'areWeightsShown'>): string {
  const { cycleId, state, reason } = cycle
  return pageShell({
    title: `Cycle ${cycleId}`,
    section: 'cycles',
    body: html`<h1>Cycle <span class="key">${cycleId}</span></h1>
      <p class="sub">
        ${stateTag(state)} ${wayMark({ state, steps: cycle.steps })}
        ${stateText(state)}${reason === null ? '' : `: ${reason}`}
      </p>
      ${panel('What it is made of', facts(cycle))} ${panel('Steps', steps(cycle))}
      ${panel('Weights', weights(cycle))}`,
  })
}

function facts(cycle: WeightCycle): Html {
  const entries: readonly (readonly [string, Html])[] = [
    ['Scores', html`of block ${showCount(cycle.snapshotBlock)}, snapshot <code>${cycle.snapshotId}</code>`],
    ['Rule', html`${cycle.rule}, parameters <code>${cycle.parametersHash.slice(0, 16)}</code>`],
    ['Burn', html`${showShare(cycle.burn)}`],
    ['Prepared', html`${showTime(cycle.createdAt)}, at block ${showCount(cycle.blockNumber)}`],
    [
      'Submission',
      html`${cycle.mechanism ?? 'not yet'}, ${cycle.attempts} ${cycle.attempts === 1 ? 'try' : 'tries'},
      version key ${String(cycle.versionKey)}`,
    ],
    ['In block', block(cycle.inclusionBlock)],
    ['Extrinsic', cycle.extrinsicHash === null ? html`–` : html`<code>${cycle.extrinsicHash}</code>`],
    ['Revealed at', block(cycle.revealBlock)],
    ['Effective at', block(cycle.effectiveBlock)],
  ]
  return html`<dl class="facts">
    ${entries.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`
}

function steps(cycle: WeightCycle): Html {
  return dataTable(
    'Steps in the order in which they happened',
    [{ label: 'State', kind: 'tight' }, { label: 'Block', kind: 'num' }, { label: 'Time' }],
    cycle.steps.map(({ state, at, blockNumber, detail }) => [
      stateTag(state),
      block(blockNumber),
      html`${showTime(at)}${detail === null ? '' : html`<br /><span class="muted whole">${detail}</span>`}`,
    ]),
  )
}

function weights({
  weights: all,
  areWeightsShown,
  cycleId,
  state,
}: WeightCycle & Pick<PublishedCycle, 'areWeightsShown'>): Html {
  if (!areWeightsShown) {
    const why =
      state === 'failed'
        ? 'These weights are not on the chain. They may be sent once more, so that their numbers are not told.'
        : 'The numbers are told once the chain shows them, so that nobody can copy them before.'
    return html`<p class="empty">${why}</p>`
  }
  if (all.length === 0) return emptyState('Nobody has weight in this cycle.', 'validator scores latest')
  const sorted = all.toSorted((a, b) => b.weight - a.weight || (a.hotkey < b.hotkey ? -1 : 1))
  const more = all.length - SHOWN_WEIGHTS
  return html`${dataTable(
    'Weights, the largest first',
    [
      { label: 'UID', kind: 'num' },
      { label: 'Hotkey', kind: 'tight' },
      { label: 'Weight', kind: 'num' },
      { label: 'Sent', kind: 'num' },
      { label: 'Way', kind: 'tight' },
    ],
    sorted.slice(0, SHOWN_WEIGHTS).map((weight) => weightRow(weight, cycleId)),
  )}
  ${more > 0 ? html`<p class="note">The other ${more} are in /v1/cycles/${cycleId}.</p>` : html``}`
}

function weightRow({ hotkey, uid, value, weight }: CycleWeight, cycleId: string): readonly Html[] {
  return [
    html`${uid ?? '–'}`,
    minerLink(hotkey),
    html`${showShare(weight)}`,
    html`${value ?? '–'}`,
    html`<a href="/miners/${hotkey}?cycle=${cycleId}">why</a>`,
  ]
}

function block(blockNumber: number | null): Html {
  return html`${blockNumber === null ? '–' : showCount(blockNumber)}`
}
