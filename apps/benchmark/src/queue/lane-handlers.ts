import type { JobHandler } from '@subnetkit/core'

import type { JobKinds, LaneName } from '../ports/job-lanes.ts'

/** The handlers of one lane. */
export function handlersOf(kinds: JobKinds, lane: LaneName): Readonly<Record<string, JobHandler>> {
  return Object.fromEntries(
    Object.entries(kinds).flatMap(([task, kind]) =>
      kind.lane === lane ? [[task, kind.handle] as const] : [],
    ),
  )
}
