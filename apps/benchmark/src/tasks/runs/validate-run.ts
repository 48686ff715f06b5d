import {
  type BenchmarkRun,
  type BenchmarkRunContext,
  benchmarkRunContextSchema,
  benchmarkRunSchema,
  defineTask,
  InputError,
  type Task,
} from '@subnetkit/core'

import type { BenchmarkDeps } from '../../benchmark-deps.ts'
import { runIdOf } from '../../benchmark-ids.ts'
import { endedRunSchema } from './ended-run.ts'
import { readJsonFile } from '../json-file.ts'
import { performRunTask } from './perform-run.ts'
import { isFinalRun, runKeyOf } from './run-row.ts'
import { runPaths } from '../work-paths.ts'

/**
 * Judges the output of a program that ended on this machine and was not judged yet, as after a crash in between. A run
 * that is final is answered as it is.
 *
 * @throws InputError when nothing waits to be judged here: its program has to be started.
 */
export const validateRunTask: Task<BenchmarkDeps, BenchmarkRunContext, BenchmarkRun> = defineTask({
  name: 'validate-run',
  context: benchmarkRunContextSchema,
  result: benchmarkRunSchema,
  run: async (deps: BenchmarkDeps, context, control) => {
    const key = runKeyOf(context)
    const known = await deps.repositories.benchmarkRuns.find(key, { signal: control.signal })
    if (known !== null && isFinalRun(known)) return known
    const runId = runIdOf(key)
    if ((await readJsonFile(runPaths(deps.workFolder, runId).ended, endedRunSchema)) === null) {
      throw new InputError({
        field: 'run',
        value: runId,
        problem: 'has no output on this machine that waits to be judged',
        hint: 'run it, with benchmark run',
      })
    }
    return await control.runNested(performRunTask, deps, context)
  },
})
