import type { MinerWeightTrace, TraceTask, WeightCycleSummary } from '@subnetkit/core'

import { showCount, showNumber, showShare, showU16Share } from './page-text.ts'
import type { PictureBox } from './picture-box.ts'

/** Stations side by side (`fan`: each leads on) or one after the other (`chain`). */
export interface PictureColumn {
  readonly kind: 'fan' | 'chain'
  readonly boxes: readonly PictureBox[]
}

/** What a picture is made of. */
export interface PipelineParts {
  readonly summary: Pick<WeightCycleSummary, 'state'>
  readonly trace: MinerWeightTrace
  /** As u16, and the epoch that it is from. */
  readonly incentive: Readonly<{ incentive: number; epochBlock: number }> | null
}

/** A miner's trace as columns of stations with their numbers, in the order of the way; tasks come first. */
export function pipelineStations(parts: PipelineParts): readonly PictureColumn[] {
  const { trace } = parts
  const tasks: PictureColumn = { kind: 'fan', boxes: trace.tasks.map((task) => taskBox(task, trace)) }
  const result: PictureColumn = { kind: 'chain', boxes: [sentBox(trace), incentiveBox(parts)] }
  if (trace.pathway === 'rule') {
    return [tasks, { kind: 'chain', boxes: [plainBox(trace), weightBox(trace)] }, result]
  }
  return [
    tasks,
    { kind: 'fan', boxes: pathwayBoxes(trace) },
    { kind: 'chain', boxes: shapingBoxes(trace) },
    { kind: 'chain', boxes: [curveBox(trace), weightBox(trace)] },
    result,
  ]
}

function sentBox({ heldBack, submittedValue, submittedWeight }: MinerWeightTrace): PictureBox {
  return {
    title: 'Sent',
    value: showCount(submittedValue),
    lines: [
      `of 65,535: ${showShare(submittedWeight)}`,
      heldBack === null ? 'nothing held back' : heldBack.replaceAll('_', ' '),
    ],
    bar: null,
    isWon: submittedWeight > 0,
  }
}

function incentiveBox({ summary, incentive }: PipelineParts): PictureBox {
  if (incentive === null) {
    const why = summary.state === 'effective' ? 'its epoch was not kept' : 'no epoch ran on it yet'
    return { title: 'Incentive', value: 'not yet', lines: [why], bar: null, isWon: false }
  }
  return {
    title: 'Incentive',
    value: showU16Share(incentive.incentive),
    lines: [`${showCount(incentive.incentive)} of 65,535`, `epoch at ${showCount(incentive.epochBlock)}`],
    bar: null,
    isWon: incentive.incentive > 0,
  }
}

function taskBox(task: TraceTask, { pathway, excellenceTask }: MinerWeightTrace): PictureBox {
  const { score, percentile, count, contribution, isQualified, excellenceCut } = task
  // A rule without pathways tells no contribution: whatever scored counts.
  const decided =
    pathway === 'rule'
      ? score !== null && score > 0
      : pathway === 'excellence'
        ? task.task === excellenceTask
        : task.effectiveContribution > 0
  if (score === null) {
    const others = count === 1 ? '1 miner has' : `${showCount(count)} miners have`
    return { title: task.task, value: 'no score', lines: [`${others} one`], bar: null, isWon: false }
  }
  const cut =
    excellenceCut === null ? '' : `, ${isQualified ? '★' : 'below'} cut ${showNumber(excellenceCut, 5)}`
  return {
    title: task.task,
    value: showNumber(score),
    lines:
      percentile === null
        ? [`scored by ${showCount(count)} ${count === 1 ? 'miner' : 'miners'}`]
        : [
            `percentile ${showNumber(percentile, 5)} of ${showCount(count)} scores`,
            `contributes ${showNumber(contribution, 5)}${cut}`,
          ],
    bar: percentile === null ? null : { share: percentile / 100, mark: null },
    isWon: decided && pathway !== 'none',
  }
}

function pathwayBoxes(trace: MinerWeightTrace): readonly PictureBox[] {
  const { bonus, diversity, excellence, excellenceTask, pathway, tasks } = trace
  const sum = tasks.reduce((total, { contribution }) => total + contribution, 0)
  const winner = (name: MinerWeightTrace['pathway']): string => (pathway === name ? ' ✓ wins' : '')
  return [
    {
      title: `Excellence${winner('excellence')}`,
      value: showNumber(excellence),
      lines:
        excellenceTask === null
          ? ['not among the best', 'of any task']
          : ['best single task:', excellenceTask],
      bar: null,
      isWon: pathway === 'excellence',
    },
    {
      title: `Diversity${winner('diversity')}`,
      value: showNumber(diversity),
      lines: [`sum ${showNumber(sum, 5)}`, `× bonus ${showNumber(bonus)}`],
      bar: null,
      isWon: pathway === 'diversity',
    },
  ]
}

function shapingBoxes({
  clusterFactor,
  clusterSize,
  normalised,
  raw,
}: MinerWeightTrace): readonly PictureBox[] {
  const isWon = raw > 0
  return [
    {
      title: 'Coldkey cluster',
      value: showNumber(raw * clusterFactor),
      lines: [
        `raw ${showNumber(raw, 5)} × ${showNumber(clusterFactor, 5)}`,
        clusterSize === 1 ? 'alone on its coldkey' : `${clusterSize} share its coldkey`,
      ],
      bar: null,
      isWon,
    },
    {
      title: 'Normalised',
      value: showNumber(normalised),
      lines: ['of the largest'],
      bar: { share: normalised, mark: null },
      isWon,
    },
  ]
}

function plainBox({ raw, normalised }: MinerWeightTrace): PictureBox {
  return {
    title: 'Points of the rule',
    value: showNumber(raw),
    lines: [`${showNumber(normalised)} of the most points`],
    bar: { share: normalised, mark: null },
    isWon: raw > 0,
  }
}

function curveBox({ branch, curved, midpoint, normalised }: MinerWeightTrace): PictureBox {
  const how: Readonly<Record<MinerWeightTrace['branch'], string>> = {
    curve: 'along the curve',
    rank: 'all alike: by rank',
    contrast: 'all alike: contrast',
    none: 'nobody earned any',
    rule: 'no curve',
  }
  const side = midpoint !== null && normalised >= midpoint ? 'above' : 'below'
  return {
    title: 'Curve',
    value: showNumber(curved),
    lines: [midpoint === null ? 'no midpoint' : `${side} midpoint ${showNumber(midpoint, 5)}`, how[branch]],
    bar: { share: normalised, mark: midpoint },
    isWon: curved > 0,
  }
}

function weightBox({ weight }: MinerWeightTrace): PictureBox {
  return {
    title: 'Weight',
    value: showShare(weight),
    lines: ['of the miners’ weight,', 'before burn'],
    bar: null,
    isWon: weight > 0,
  }
}
