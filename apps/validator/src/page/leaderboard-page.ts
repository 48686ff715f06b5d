import type { PerformanceTrend, WeightCycleSummary } from '@subnetkit/core'
import { type Html, html } from '@subnetkit/core/http'

import type { LeaderboardRow } from '../published/leaderboard.ts'
import type { PublishedLeaderboard } from '../published/published-record.ts'
import type { RecordState } from '../published/record-access.ts'
import { stateTag, stateText, wayMark } from './cycle-marks.ts'
import { dataTable, emptyState, pageShell, panel } from './page-shell.ts'
import { cycleLink, minerLink, showAge, showCount, showNumber, showShare } from './page-text.ts'

/** More rows than any browser likes to lay out; the API has the others. */
const SHOWN = 1_024

/** What the first page shows. */
export interface LeaderboardView {
  readonly netuid: number
  readonly validatorHotkey: string
  readonly now: Date
  /** As the operational store has it. */
  readonly newest: WeightCycleSummary | null
  readonly leaderboard: PublishedLeaderboard
  readonly record: RecordState
}

/** The first page: who has which weight, and how things stand. */
export function leaderboardPage(view: LeaderboardView): string {
  const { leaderboard, netuid, validatorHotkey } = view
  return pageShell({
    title: `Leaderboard of subnet ${netuid}`,
    section: 'leaderboard',
    body: html`<h1>Leaderboard of subnet ${netuid}</h1>
      <p class="sub">Weights by validator <span class="key">${validatorHotkey}</span></p>
      ${cards(view)} ${panel('Miners', miners(leaderboard, view.newest))}`,
  })
}

function cards({ newest, leaderboard, now, record }: LeaderboardView): Html {
  const { epochBlock, epochSeenAt } = leaderboard
  return html`<dl class="cards">
    <div class="card">
      <dt>Newest cycle</dt>
      ${
        newest === null
          ? html`<dd>none yet</dd>
              <dd>validator weights watch</dd>`
          : html`<dd>${stateTag(newest.state)} ${wayMark(newest)}</dd>
              <dd>
                ${cycleLink(newest.cycleId)}: ${stateText(newest.state)}, ${showAge(newest.updatedAt, now)}
              </dd>`
      }
    </div>
    <div class="card">
      <dt>Last epoch</dt>
      <dd>${epochBlock === null ? 'none kept yet' : `block ${showCount(epochBlock)}`}</dd>
      <dd>
        ${epochSeenAt === null ? 'validator weights watch keeps each one' : `seen ${showAge(epochSeenAt, now)}`}
      </dd>
    </div>
    <div class="card">
      <dt>Miners with weight</dt>
      <dd>${showCount(leaderboard.rows.filter(({ weight }) => weight > 0).length)}</dd>
      <dd>of ${showCount(leaderboard.rows.length)} that were scored</dd>
    </div>
    <div class="card">
      <dt>Health</dt>
      <dd>
        <span class="tag up">store up</span>
        <span class="tag ${record === 'open' ? 'up' : 'down'}">record ${record}</span>
      </dd>
      <dd><a href="/health">/health</a> · <a href="/metrics">/metrics</a></dd>
    </div>
  </dl>`
}

function miners({ cycle, rows }: PublishedLeaderboard, newest: WeightCycleSummary | null): Html {
  if (cycle === null) {
    return newest === null
      ? emptyState('No weights were submitted yet.', 'validator weights watch')
      : emptyState(
          'The numbers of the newest weights are told once the chain shows them; there are none before them.',
          'validator weights watch --until-settled',
        )
  }
  if (rows.length === 0)
    return emptyState('The cycle has no weights and no trace.', 'validator scores latest')
  const largest = rows.reduce((most, { weight }) => Math.max(most, weight), 0)
  return html`${dataTable(
      'Miners by weight',
      [
        { label: '#', kind: 'num' },
        { label: 'UID', kind: 'num' },
        { label: 'Hotkey', kind: 'tight' },
        { label: 'Score', kind: 'num wide-only' },
        { label: 'Weight', kind: 'num' },
        { label: 'Incentive', kind: 'num' },
        { label: 'Trend', kind: 'tight' },
      ],
      rows.slice(0, SHOWN).map((row) => minerRow(row, largest)),
    )}
    <p class="note">
      By cycle ${cycleLink(cycle.summary.cycleId)}
      (${cycle.summary.state})${rows.length > SHOWN ? `; the other ${rows.length - SHOWN} are in /v1/leaderboard` : ''}.
    </p>`
}

function minerRow(row: LeaderboardRow, largest: number): readonly Html[] {
  return [
    html`${row.rank}`,
    html`${row.uid ?? '–'}`,
    minerLink(row.hotkey),
    html`${showNumber(row.score)}`,
    html`${showShare(row.weight)}${shareBar(largest > 0 ? row.weight / largest : 0)}`,
    html`${showShare(row.incentive)}`,
    trendMark(row.trend),
  ]
}

/** A bar as long as the share of the largest; the number stands beside it. */
function shareBar(share: number): Html {
  const width = Math.round(share * 1_000) / 10
  return html`<svg class="share wide-only" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
    <rect class="track" width="100" height="6" rx="1" />
    <rect class="fill" width="${width}" height="6" rx="1" />
  </svg>`
}

const trends: Readonly<Record<PerformanceTrend, readonly [sign: string, text: string]>> = {
  improving: ['↗', 'improving'],
  declining: ['↘', 'declining'],
  stable: ['→', 'stable'],
  insufficient_data: ['·', 'too few scores'],
}

/** Where scores go: a sign, and its word for whoever has room or hears it. */
export function trendMark(trend: PerformanceTrend | null): Html {
  if (trend === null) return html`<span class="muted" title="no statistics">–</span>`
  const [sign, text] = trends[trend]
  return html`<span class="trend ${trend}" title="${text}"
    ><span aria-hidden="true">${sign}</span> <span class="wide-only">${text}</span></span
  >`
}
