import type { AgentStatistics, LeadingAgent, TopAgent } from '@subnetkit/core'
import { type Html, html } from '@subnetkit/core/http'

import type { ExecutionMarks } from '../agents/view/run-marks.ts'
import type { DayShare } from '../agents/view/weights-day.ts'
import { agentLink, runStrip, statusTag, validatorKey, versionLink } from './evaluation-marks.ts'
import { dataTable, emptyState, pageShell, panel } from './page-shell.ts'
import { minerLink, showAge, showCount, showShare, showTime } from './page-text.ts'

/** What the agents' first page shows. */
export interface AgentsView {
  readonly now: Date
  /** As they are decided. */
  readonly agentCount: number
  readonly statistics: AgentStatistics
  readonly top: readonly TopAgent[]
  readonly leader: LeadingAgent | null
  readonly recent: readonly ExecutionMarks[]
  /** Who was on top in the last 24 hours. */
  readonly shares: readonly DayShare[]
}

/** Agents by score, and what validators have made of the newest versions. */
export function agentsPage(view: AgentsView): string {
  return pageShell({
    title: 'Agents',
    section: 'agents',
    body: html`<h1>Agents</h1>
      <p class="sub">Uploaded by miners, judged by validators: a score is the share of problems solved.</p>
      ${cards(view)} ${panel('Top agents', topTable(view.top))}
      ${panel('Newest evaluations', recentTable(view))}
      ${view.shares.length === 0 ? html`` : panel('Top miner of the last 24 hours', shareTable(view.shares))}`,
  })
}

function cards({ agentCount, leader, statistics }: AgentsView): Html {
  const { dailyScoreImprovement, topScore, versions, versionsLastDay } = statistics
  return html`<dl class="cards">
    <div class="card">
      <dt>Agents</dt>
      <dd>${showCount(agentCount)}</dd>
      <dd>one for each hotkey that uploaded</dd>
    </div>
    <div class="card">
      <dt>Versions on record</dt>
      <dd>${showCount(versions)}</dd>
      <dd>${showCount(versionsLastDay)} in the last 24 hours</dd>
    </div>
    <div class="card">
      <dt>Best score</dt>
      <dd>${showShare(topScore)}</dd>
      <dd>
        ${dailyScoreImprovement > 0 ? `${showShare(dailyScoreImprovement)} more than a day ago` : 'no better than a day ago'}
      </dd>
    </div>
    <div class="card">
      <dt>Leader</dt>
      ${
        leader === null
          ? html`<dd>nobody yet</dd>
              <dd>two validators must have scored a version</dd>`
          : html`<dd><a class="key" href="/agents/${leader.agentId}">${leader.agentId.slice(0, 8)}</a></dd>
              <dd>${showShare(leader.score)}, ${minerLink(leader.minerHotkey)}</dd>`
      }
    </div>
  </dl>`
}

function topTable(top: readonly TopAgent[]): Html {
  if (top.length === 0) return emptyState('No agents yet.', 'validator agents upload --help')
  return dataTable(
    'Agents by the score of their newest scored version',
    [
      { label: '#', kind: 'num' },
      { label: 'Agent' },
      { label: 'Score', kind: 'num' },
      { label: 'Version', kind: 'num' },
      { label: 'Uploaded', kind: 'tight wide-only' },
      { label: 'Miner', kind: 'tight' },
    ],
    top.map((agent, index) => [
      html`${index + 1}`,
      agentLink(agent),
      html`${showShare(agent.score)}`,
      versionLink(agent),
      showTime(agent.versionCreatedAt),
      minerLink(agent.minerHotkey),
    ]),
  )
}

function recentTable({ now, recent }: AgentsView): Html {
  if (recent.length === 0) return emptyState('No version is judged yet.', 'validator agents upload --help')
  return dataTable(
    'Evaluations created last',
    [
      { label: 'Agent' },
      { label: 'Version', kind: 'num wide-only' },
      { label: 'Validator', kind: 'tight wide-only' },
      { label: 'State', kind: 'tight' },
      { label: 'Problems solved' },
      { label: 'Created', kind: 'tight wide-only' },
    ],
    recent.map(({ agent, evaluation, marks, version }) => [
      agentLink(agent),
      versionLink(version),
      validatorKey(evaluation.validatorHotkey),
      statusTag(evaluation.status),
      runStrip(marks),
      html`${showAge(evaluation.createdAt, now)}`,
    ]),
  )
}

function shareTable(shares: readonly DayShare[]): Html {
  return dataTable(
    'Miners by how much of the last 24 hours they had the largest weight',
    [
      { label: 'Miner', kind: 'tight' },
      { label: 'On top', kind: 'num' },
    ],
    shares.map(({ minerHotkey, share }) => [minerLink(minerHotkey), html`${showShare(share)}`]),
  )
}
