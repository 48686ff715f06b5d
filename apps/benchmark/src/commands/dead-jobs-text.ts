import type { DeadJob } from '../ports/job-lanes.ts'
import { visible } from './plain-table.ts'

/** What tells a person which run or day it was. */
const TOLD = ['imageType', 'testDate', 'network', 'windowDays', 'hotkey'] as const

/** What `queue dead` prints: each reason once, whole, and under it the jobs that died of it. */
export function deadJobsText(dead: readonly (DeadJob & { readonly lane: string })[]): string {
  if (dead.length === 0) return 'there are none'
  const reasons = new Set(dead.map(({ reason }) => reason))
  return [
    ...[...reasons].flatMap((reason) => [
      visible(reason),
      ...dead
        .filter((job) => job.reason === reason)
        .map(({ context, failedAt, jobId, lane }) =>
          `  ${failedAt.toISOString()}  ${lane}  ${visible(jobId)}  ${visible(whatOf(context))}`.trimEnd(),
        ),
      '',
    ]),
    'Put one back with: benchmark queue retry <job>. A day that is put back puts its runs back, too.',
  ].join('\n')
}

function whatOf(context: unknown): string {
  if (typeof context !== 'object' || context === null) return ''
  const values = TOLD.map((name): unknown => Reflect.get(context, name))
  return values.filter((value) => typeof value === 'string' || typeof value === 'number').join(' ')
}
