import {
  buildAgent,
  buildAgentVersion,
  buildEvaluation,
  buildEvaluationRun,
  buildScoredRun,
} from '@subnetkit/core/contracts'
import { expect, it } from 'vitest'

import { executionText } from './execution-text.ts'
import { executionMarks } from './run-marks.ts'

it('marks the runs of the attempt that counts, by problem', () => {
  const evaluation = buildEvaluation({ attempt: 2, status: 'running' })
  const run = { attempt: 2 } as const
  const marks = executionMarks({
    evaluation,
    agent: buildAgent(),
    version: buildAgentVersion({ versionNum: 7 }),
    runs: [
      buildScoredRun({ ...run, swebenchInstanceId: 'd' }),
      buildScoredRun({ ...run, swebenchInstanceId: 'c', solved: false }),
      buildEvaluationRun({ ...run, swebenchInstanceId: 'b', status: 'eval_started' }),
      buildEvaluationRun({ ...run, swebenchInstanceId: 'a', status: 'cancelled' }),
      buildScoredRun({ attempt: 1, swebenchInstanceId: 'd' }),
    ],
  })
  expect(marks.marks.map(({ state, swebenchInstanceId }) => [swebenchInstanceId, state])).toEqual([
    ['a', 'cancelled'],
    ['b', 'open'],
    ['c', 'unsolved'],
    ['d', 'solved'],
  ])
  expect(executionText(marks)).toMatch(/^version 7 by 5FHne\S+: running, 1 of 4 problems solved, 1 open \(/)
  expect(executionText({ ...marks, marks: [] })).toContain('running, no runs')
})
