import type { SampleScope } from '@subnetkit/core'

import { plainTable, shortHotkey } from '../plain-table.ts'
import type { AppliedRetention } from '../tasks/apply-retention.ts'
import type { RetentionPlan } from '../tasks/plan-retention.ts'
import { showCell } from '../text-table.ts'

/** A plan for a person. */
export function retentionPlanText({ cutoff, protect, keep, remove }: RetentionPlan): string {
  const expired = remove.reduce((sum, { expiredCount }) => sum + expiredCount, 0)
  const parts = [
    `Samples taken before ${cutoff.toISOString().slice(0, 16).replace('T', ' ')} UTC may go.`,
    section(
      'To be protected',
      ['hotkey', 'revision', 'because'],
      protect.map((model) => [...modelCells(model), showCell(model.because)]),
    ),
    section(
      'Kept whole',
      ['hotkey', 'revision', 'because'],
      keep.map((model) => [...modelCells(model), showCell(model.because ?? 'the model is current')]),
    ),
    section(
      'To be removed',
      ['hotkey', 'revision', 'environment', 'gen.', 'old', 'of', 'oldest'],
      remove.map(({ scope, generation, expiredCount, sampleCount, oldest }) => [
        ...scopeCells(scope),
        String(generation),
        String(expiredCount),
        String(sampleCount),
        oldest.toISOString().slice(0, 10),
      ]),
    ),
    expired === 0
      ? 'No sample is to be removed.'
      : `${expired} samples in ${remove.length} scopes. Next: validator retention apply --yes`,
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

/** What applying did, for a person. */
export function retentionAppliedText({ newlyProtected, groups, removed }: AppliedRetention): string {
  const rows = groups.map(({ scope, generation, removed: gone, wasProtected }) => [
    ...scopeCells(scope),
    String(generation),
    String(gone),
    wasProtected ? 'protected meanwhile: the rest stays' : '',
  ])
  const parts = [
    section('Removed', ['hotkey', 'revision', 'environment', 'gen.', 'samples', ''], rows),
    `${removed} samples removed, ${newlyProtected} models newly protected.`,
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function section(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : `${title}:\n${plainTable(head, rows)}`
}

function modelCells(model: Readonly<{ minerHotkey: string; modelRevision: string }>): readonly string[] {
  return [shortHotkey(model.minerHotkey), shorten(model.modelRevision, 16)]
}

function scopeCells(scope: SampleScope): readonly string[] {
  return [...modelCells(scope), shorten(showCell(scope.environment), 14)]
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}
