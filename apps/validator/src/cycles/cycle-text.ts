import type { WeightCycle } from '@subnetkit/core'

import { textTable } from '../text-table.ts'
import type { WeightCyclePass } from './run-weight-cycle.ts'

const SHARE_DIGITS = 6

/** A cycle as a person would tell it: its states with their blocks, and what was sent to whom. */
export function cycleText(cycle: WeightCycle, top: number): string {
  const steps = cycle.steps.map(({ state, at, blockNumber, detail }) => [
    state,
    blockNumber === null ? '' : String(blockNumber),
    at.toISOString(),
    detail ?? '',
  ])
  const sent = cycle.weights
    .toSorted((a, b) => b.weight - a.weight || (a.hotkey < b.hotkey ? -1 : 1))
    .slice(0, top)
    .map(({ uid, hotkey, weight, value }) => [
      uid === null ? '' : String(uid),
      hotkey,
      weight.toFixed(SHARE_DIGITS),
      value === null ? '' : String(value),
    ])
  const rest = cycle.weights.length - sent.length
  return [
    `Cycle ${cycle.cycleId}: ${cycle.state}${cycle.reason === null ? '' : `, ${cycle.reason}`}.`,
    `Scores of block ${cycle.snapshotBlock} by the rule ${cycle.rule}; ${percent(cycle.burn)} burnt.`,
    textTable(['state', 'block', 'time', ''], steps),
    textTable(['uid', 'hotkey', 'weight', 'sent'], sent),
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ].join('\n')
}

/** What a pass decided, in one line, with what to do next. */
export function passText({ cycle, decision, blockNumber, nextEpochBlock }: WeightCyclePass): string {
  switch (decision.kind) {
    case 'refuse':
      return `Nothing is submitted: ${decision.why}.\nNext: ${decision.wayOut}`
    case 'wait':
      return `Nothing to submit before block ${decision.untilBlock} (now ${blockNumber}): ${decision.why}.`
    case 'submit':
    case 'follow': {
      const epoch = nextEpochBlock === null ? '' : `; the next epoch runs at block ${nextEpochBlock}`
      return `${stateText(cycle)} (block ${blockNumber}${epoch}).`
    }
    default:
      return decision satisfies never
  }
}

function stateText(cycle: WeightCycle | null): string {
  if (cycle === null) return 'No weights were submitted yet'
  const texts: Readonly<Record<WeightCycle['state'], string>> = {
    prepared: 'Weights are prepared',
    submitted: 'Weights were sent; the chain has not said yet whether it has them',
    included: 'A block has the weights, or their commit',
    revealed: 'The chain holds our numbers; no epoch has run on them yet',
    effective: 'An epoch ran on these weights',
    failed: `The submission failed: ${cycle.reason ?? ''}`,
  }
  return texts[cycle.state]
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(4))} %`
}
