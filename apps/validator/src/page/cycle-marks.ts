import type { WeightCycleState, WeightCycleSummary } from '@subnetkit/core'
import { type Html, html } from '@subnetkit/core/http'

const WAY: readonly WeightCycleState[] = ['prepared', 'submitted', 'included', 'revealed', 'effective']

/** A cycle's state as a coloured word. */
export function stateTag(state: WeightCycleState): Html {
  return html`<span class="tag ${state}">${state}</span>`
}

/** How far a cycle came, as dots; a failed one ends with a broken dot. */
export function wayMark({ state, steps }: Pick<WeightCycleSummary, 'state' | 'steps'>): Html {
  const start = steps.findLastIndex((step) => step.state === 'submitted')
  const sinceLastTry = steps.slice(Math.max(0, start))
  const reached = sinceLastTry.reduce((most, step) => Math.max(most, WAY.indexOf(step.state)), 0)
  const label =
    state === 'failed' ? `failed after ${WAY[reached] ?? ''}` : `${reached + 1} of ${WAY.length} steps`
  return html`<span class="path" role="img" aria-label="${label}" title="${label}"
    >${WAY.map((_state, at) => {
      const kind = at <= reached ? 'done' : state === 'failed' && at === reached + 1 ? 'broken' : ''
      return html`<i class="${kind}"></i>`
    })}</span
  >`
}

/** What a cycle's state means, in a sentence. */
export function stateText(state: WeightCycleState): string {
  const texts: Readonly<Record<WeightCycleState, string>> = {
    prepared: 'weights are computed and held by hotkey',
    submitted: 'sent; the chain has not said yet whether it has them',
    included: 'a block has them, or their commit',
    revealed: 'the chain holds our numbers; no epoch ran on them yet',
    effective: 'an epoch ran on them',
    failed: 'these weights are not on the chain',
  }
  return texts[state]
}
