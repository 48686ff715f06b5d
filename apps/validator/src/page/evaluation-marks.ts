import type { EvaluationStatus } from '@subnetkit/core'
import { type Html, html } from '@subnetkit/core/http'

import type { RunMark } from '../agents/view/run-marks.ts'
import { showCell } from '../text-table.ts'
import { shortKey } from './page-text.ts'

/** More squares than anybody counts; their sums stand beside them. */
const SHOWN = 200

const tones: Readonly<Record<EvaluationStatus, string>> = {
  waiting: '',
  running: 'submitted',
  completed: 'effective',
  error: 'failed',
  timedout: 'failed',
  disconnected: 'failed',
  replaced: '',
  cancelled: '',
}

/** An evaluation's state. */
export function statusTag(status: EvaluationStatus): Html {
  return html`<span class="tag ${tones[status]}">${status}</span>`
}

/** One mark for each problem, high ones solved and low ones not, and the sums in words. */
export function runStrip(marks: readonly RunMark[]): Html {
  if (marks.length === 0) return html`<span class="muted">–</span>`
  const count = (wanted: RunMark['state']): number => marks.filter(({ state }) => state === wanted).length
  const open = count('open')
  return html`<span class="strip" aria-hidden="true"
      >${marks
        .slice(0, SHOWN)
        .map(
          ({ state, swebenchInstanceId }) =>
            html`<i class="${state}" title="${swebenchInstanceId}: ${state}"></i>`,
        )}</span
    ><span class="tight"
      >${count('solved')} of
      ${marks.length}${open > 0 ? html` <span class="muted">(${open} open)</span>` : ''}</span
    >`
}

/** An agent's link by the name that its miner gave it. */
export function agentLink(agent: Readonly<{ agentId: string; name: string }>): Html {
  const name = showCell(agent.name)
  return html`<a class="name" href="/agents/${agent.agentId}">${name}</a>`
}

/** A version's link. */
export function versionLink(
  version: Readonly<{ agentId: string; versionId: string; versionNum: number }>,
): Html {
  const { agentId, versionId, versionNum } = version
  return html`<a href="/agents/${agentId}?version=${versionId}" title="${versionId}">${versionNum}</a>`
}

/** A validator by its short key. */
export function validatorKey(hotkey: string): Html {
  return html`<span class="key" title="${hotkey}">${shortKey(hotkey)}</span>`
}
