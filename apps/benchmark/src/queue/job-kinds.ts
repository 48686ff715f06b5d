import { type Clock, type JobHandler, type Logger, runTask, type Task } from '@subnetkit/core'

import type { BenchmarkDeps } from '../benchmark-deps.ts'
import type { JobKinds, JobLanes } from '../ports/job-lanes.ts'
import type { ContestDeps } from '../tasks/contests/contest-deps.ts'
import { orchestrateDay } from '../tasks/contests/orchestrate-day.ts'
import { performRunTask } from '../tasks/runs/perform-run.ts'
import { prepareSubmission } from '../tasks/submissions/prepare-submission.ts'
import { scheduledStart } from './schedule.ts'

/** What jobs work with. */
export interface JobKindsParams {
  readonly deps: BenchmarkDeps
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  /** The lanes that the jobs themselves wait in; asked for only when a job runs. */
  readonly lanes: () => JobLanes
}

/** Everything that a worker does: runs, days that are made of runs, and the starts of schedules. */
export function jobKinds({ deps, clock, random, log, lanes }: JobKindsParams): JobKinds {
  const handle =
    <Deps, Context, Result>(task: Task<Deps, Context, Result>, taskDeps: () => Deps): JobHandler =>
    async (context, { signal }) =>
      await runTask(task, taskDeps(), context, { clock, random, logger: log, signal })
  const contestDeps = (): ContestDeps & BenchmarkDeps => ({
    ...deps,
    queue: lanes().runs,
    prepare: async (submission, control) => await prepareSubmission(deps, submission, control),
  })
  return {
    [performRunTask.name]: { lane: 'runs', handle: handle(performRunTask, () => deps) },
    [orchestrateDay.name]: { lane: 'days', handle: handle(orchestrateDay, contestDeps) },
    'start-scheduled': { lane: 'days', handle: scheduledStart(() => lanes().days, clock) },
  }
}
