import type { AgentExecution, EvaluationRun } from '@subnetkit/core'

/** How a run stands, as far as a strip of them shows it. */
export type RunMark = Readonly<{
  swebenchInstanceId: string
  state: 'solved' | 'unsolved' | 'open' | 'cancelled'
}>

/** An evaluation with what it is of, without the texts that make its runs large. */
export interface ExecutionMarks extends Omit<AgentExecution, 'runs'> {
  /** Of the evaluation's own attempt, in the order of problems. */
  readonly marks: readonly RunMark[]
}

/** What a strip shows of an execution. */
export function executionMarks({ runs, ...execution }: AgentExecution): ExecutionMarks {
  const marks = runs
    .filter(({ attempt }) => attempt === execution.evaluation.attempt)
    .map((run) => ({ swebenchInstanceId: run.swebenchInstanceId, state: stateOf(run) }))
    .toSorted((a, b) => (a.swebenchInstanceId < b.swebenchInstanceId ? -1 : 1))
  return { ...execution, marks }
}

function stateOf({ solved, status }: EvaluationRun): RunMark['state'] {
  if (status === 'cancelled') return 'cancelled'
  if (solved === null) return 'open'
  return solved ? 'solved' : 'unsolved'
}
