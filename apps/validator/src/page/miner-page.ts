import {
  type IncentivePoint,
  type Miner,
  type MinerPerformance,
  type MinerWeightTrace,
  type PeriodType,
  periodTypes,
  type TaskPerformance,
} from '@subnetkit/core'
import { type Html, html } from '@subnetkit/core/http'

import { incentiveOf, type PublishedHistory, type PublishedPipeline } from '../published/published-record.ts'
import { historyChart } from './history-chart.ts'
import { trendMark } from './leaderboard-page.ts'
import { dataTable, emptyState, pageShell, panel } from './page-shell.ts'
import { cycleLink, shortKey, showCount, showNumber, showShare, showTime, showU16Share } from './page-text.ts'
import { pipelinePicture } from './pipeline-picture.ts'
import { pipelineStations } from './pipeline-stations.ts'

const SHOWN_CYCLES = 20

/** What a miner's page shows. */
export interface MinerView {
  readonly hotkey: string
  /** What the validator knows of it; null for a hotkey that only the chain or the record knows. */
  readonly miner: Miner | null
  /** Null when it has no trace in the cycle, or no cycle may be told. */
  readonly pipeline: PublishedPipeline | null
  readonly history: PublishedHistory
  readonly periodType: PeriodType
  /** The newest period of the type. */
  readonly performance: MinerPerformance | null
}

/** One miner: why it has its weight, how that went over time, and how it does in each task. */
export function minerPage(view: MinerView): string {
  const { history, hotkey, pipeline } = view
  const uid = history.incentives[0]?.uid ?? pipeline?.trace.uid ?? view.miner?.uid ?? null
  return pageShell({
    title: `Miner ${uid === null ? shortKey(hotkey) : uid}`,
    section: null,
    body: html`<h1>${uid === null ? 'Miner' : `Miner at uid ${uid}`}</h1>
      <p class="sub"><span class="key">${hotkey}</span>${modelText(view.miner)}</p>
      ${panel('From scores to incentive', way(pipeline, history.incentives))}
      ${panel('Weight and incentive over time', historyChart(history.weights, history.incentives))}
      ${panel('By task', performancePart(view))} ${panel('Cycles', cycles(history))}`,
  })
}

function modelText(miner: Miner | null): Html {
  if (miner === null) return html``
  const { invalidReason, modelName, modelRevision, pause } = miner
  const trouble = invalidReason ?? (pause === null ? null : `paused: ${pause.reason}`)
  return html`<br />${modelName} at ${modelRevision}${trouble === null ? '' : ` · ${trouble}`}`
}

function way(pipeline: PublishedPipeline | null, incentives: readonly IncentivePoint[]): Html {
  if (pipeline === null) {
    return emptyState(
      'The newest cycle that may be told has no trace of this miner.',
      'validator weights watch',
    )
  }
  const { summary, trace } = pipeline
  const incentive = incentiveOf(summary, incentives)
  const label = `Way of the miner in cycle ${summary.cycleId}: ${sentence(trace, incentive)}`
  return html`<p>
      ${sentence(trace, incentive)}
      <span class="muted">Cycle ${cycleLink(summary.cycleId)}, ${showTime(summary.createdAt)}.</span>
    </p>
    ${pipelinePicture(pipelineStations({ summary, trace, incentive }), label)}
    <details>
      <summary>The same as a table</summary>
      ${taskTable(trace)}
    </details>`
}

function sentence(trace: MinerWeightTrace, incentive: IncentivePoint | null): string {
  const { pathway, excellenceTask, raw, submittedWeight } = trace
  const by: Readonly<Record<MinerWeightTrace['pathway'], string>> = {
    excellence: `by excellence in ${excellenceTask ?? 'one task'}`,
    diversity: 'by diversity',
    none: 'in no way',
    rule: 'by its rule',
  }
  const paid =
    incentive === null
      ? 'no epoch has paid by it yet'
      : `the chain gave ${showU16Share(incentive.incentive)} of all incentive`
  return `It earned a raw weight of ${showNumber(raw)} ${by[pathway]}; ${showShare(submittedWeight)} of all weight was sent, and ${paid}.`
}

function taskTable({ tasks }: MinerWeightTrace): Html {
  return dataTable(
    'Tasks on the way to the weight',
    [
      { label: 'Task' },
      { label: 'Score', kind: 'num' },
      { label: 'Percentile', kind: 'num' },
      { label: 'Cut', kind: 'num' },
      { label: 'Mean', kind: 'num' },
      { label: 'Contribution', kind: 'num' },
      { label: 'In the raw weight', kind: 'num' },
    ],
    tasks.map(({ contribution, effectiveContribution, excellenceCut, mean, percentile, score, task }) => [
      html`<span class="name">${task}</span>`,
      ...[score, percentile, excellenceCut, mean, contribution, effectiveContribution].map(
        (value) => html`${showNumber(value)}`,
      ),
    ]),
  )
}

function performancePart({ hotkey, periodType, performance }: MinerView): Html {
  const tabs = periodTypes.map((type) => {
    const current = type === periodType ? html` aria-current="true"` : html``
    return html`<a href="/miners/${hotkey}?period=${type}" ${current}>${type.replace('_', ' ')}</a> `
  })
  return html`<p class="tabs">${tabs}</p>
    ${
      performance === null
        ? emptyState(
            `There are no ${periodType.replace('_', ' ')} statistics of this miner.`,
            'validator stats compute',
          )
        : performanceTable(performance)
    }`
}

function performanceTable(performance: MinerPerformance): Html {
  const { consecutiveFailures, overallRank, tasks, uptimePercentage } = performance
  return html`<p class="muted">
      ${performance.periodType === 'all_time' ? '' : html`From ${showTime(performance.periodStart)}:`} rank
      ${overallRank ?? '–'}, average ${showNumber(performance.overallAvgScore)},
      ${showShare(performance.overallSuccessRate)} answered,
      ${uptimePercentage === null ? 'never asked' : `up in ${showNumber(uptimePercentage)} % of the hours`},
      ${consecutiveFailures === 1 ? '1 failure' : `${consecutiveFailures} failures`} in a row.
    </p>
    ${dataTable(
      'Statistics by task',
      [
        { label: 'Task' },
        { label: 'Asked', kind: 'num wide-only' },
        { label: 'Answered', kind: 'num wide-only' },
        { label: 'Scored', kind: 'num wide-only' },
        { label: 'Average', kind: 'num' },
        { label: 'Best', kind: 'num wide-only' },
        { label: 'Latest', kind: 'num wide-only' },
        { label: 'Rank', kind: 'num' },
        { label: 'Trend', kind: 'tight' },
      ],
      tasks.map(performanceRow),
    )}`
}

function performanceRow(task: TaskPerformance): readonly Html[] {
  return [
    html`<span class="name">${task.taskName}</span>`,
    html`${showCount(task.tasksAttempted)}`,
    html`${showShare(task.successRate)}`,
    html`${showCount(task.tasksScored)}`,
    html`${showNumber(task.avgScore)}`,
    html`${showNumber(task.bestScore)}`,
    html`${showNumber(task.latestScore)}`,
    html`${task.rank ?? '–'}`,
    trendMark(task.performanceTrend),
  ]
}

function cycles({ weights }: PublishedHistory): Html {
  if (weights.length === 0) return html`<p class="empty">No cycle that may be told has this miner.</p>`
  const more = weights.length - SHOWN_CYCLES
  return html`${dataTable(
    'Cycles of this miner, newest first',
    [
      { label: 'Cycle', kind: 'tight' },
      { label: 'Prepared', kind: 'tight' },
      { label: 'Rule’s share', kind: 'num wide-only' },
      { label: 'Sent', kind: 'num' },
      { label: 'As u16', kind: 'num wide-only' },
    ],
    weights
      .slice(0, SHOWN_CYCLES)
      .map(({ at, cycleId, submittedValue, submittedWeight, weight }) => [
        cycleLink(cycleId),
        showTime(at),
        html`${showShare(weight)}`,
        html`${showShare(submittedWeight)}`,
        html`${submittedValue}`,
      ]),
  )}
  ${more > 0 ? html`<p class="note">${showCount(more)} earlier ones are in the chart and in /v1/miners/…/history.</p>` : html``}`
}
