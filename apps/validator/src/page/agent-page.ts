import type { AgentVersion, QueuePlace } from '@subnetkit/core'
import { type Html, html } from '@subnetkit/core/http'

import type { AgentStory } from '../agents/view/agent-story.ts'
import type { ExecutionMarks } from '../agents/view/run-marks.ts'
import { showCell } from '../text-table.ts'
import { runStrip, statusTag, validatorKey, versionLink } from './evaluation-marks.ts'
import { dataTable, emptyState, pageShell, panel } from './page-shell.ts'
import { minerLink, showShare, showTime } from './page-text.ts'

/** What an agent's page shows. */
export interface AgentView extends AgentStory {
  /** The version whose evaluations are shown; null when there is none yet. */
  readonly shown: AgentVersion | null
  /** Of that version. */
  readonly executions: readonly ExecutionMarks[]
  readonly places: readonly QueuePlace[]
}

/** One agent: its versions, and what validators made of one of them. */
export function agentPage(view: AgentView): string {
  const { agent, shown } = view
  const name = showCell(agent.name)
  return pageShell({
    title: `Agent ${name}`,
    section: 'agents',
    body: html`<h1>${name}</h1>
      <p class="sub">
        Agent <span class="key">${agent.agentId}</span> of miner ${minerLink(agent.minerHotkey)}
      </p>
      ${panel('Versions', versions(view))}
      ${shown === null ? html`` : panel(`Evaluations of version ${shown.versionNum}`, evaluations(view))}`,
  })
}

function versions({ agent, isOnRecord, shown, versions: all }: AgentView): Html {
  const uploaded = html`<p class="muted">
    First uploaded ${showTime(agent.createdAt)}, last ${showTime(agent.lastUpdated)}.
    ${isOnRecord ? '' : 'The record does not have this agent yet: only its newest version is shown.'}
  </p>`
  if (all.length === 0)
    return html`${uploaded} ${emptyState('It has no version yet.', 'validator agents upload --help')}`
  return html`${uploaded}
  ${dataTable(
    'Versions, the newest first',
    [
      { label: 'Version', kind: 'num' },
      { label: 'Score', kind: 'num' },
      { label: 'Uploaded', kind: 'tight' },
      { label: 'Id', kind: 'wide-only' },
    ],
    all.map((version) => [
      version.versionId === shown?.versionId
        ? html`<strong>${versionLink(version)}</strong>`
        : versionLink(version),
      html`${showShare(version.score)}`,
      showTime(version.createdAt),
      html`<code>${version.versionId}</code>`,
    ]),
  )}`
}

function evaluations({ executions, places }: AgentView): Html {
  if (executions.length === 0)
    return html`<p class="empty">No validator has an evaluation of it on record yet.</p>`
  const placeOf = new Map(places.map(({ place, validatorHotkey }) => [validatorHotkey, place]))
  return html`${dataTable(
      'Evaluations, the newest first',
      [
        { label: 'Validator', kind: 'tight' },
        { label: 'State', kind: 'tight' },
        { label: 'Score', kind: 'num' },
        { label: 'Problems solved' },
        { label: 'Attempt', kind: 'num wide-only' },
        { label: 'Begun', kind: 'tight wide-only' },
      ],
      executions.map(({ evaluation, marks }) => [
        validatorKey(evaluation.validatorHotkey),
        html`${statusTag(evaluation.status)}${queuePlace(placeOf.get(evaluation.validatorHotkey) ?? null)}`,
        html`${showShare(evaluation.score)}`,
        html`${runStrip(marks)}${reason(evaluation.terminatedReason)}`,
        html`${evaluation.attempt}`,
        evaluation.startedAt === null ? html`–` : showTime(evaluation.startedAt),
      ]),
    )}
    <p class="note">
      A mark for each problem, in the order of their names: high ones are solved, low ones are not, empty ones
      are open.
    </p>`
}

function queuePlace(place: number | null): Html {
  return place === null || place < 1 ? html`` : html` <span class="muted">place ${place}</span>`
}

function reason(text: string | null): Html {
  return text === null ? html`` : html`<br /><span class="muted whole">${showCell(text)}</span>`
}
