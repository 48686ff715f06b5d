import { type AgentExecution, type EvaluationRun, InputError } from '@subnetkit/core'
import type { z } from 'zod'

import { type executionReplySchema, type runReplySchema, SHOWN_ERROR } from './agent-messages.ts'

/** Most characters of patches, errors and names of tests in one reply. */
const MAX_TEXT = 16_000_000

/**
 * Executions as they go out: without the texts that make runs large, unless these are asked for.
 *
 * @throws InputError when the texts are more than one reply may hold.
 */
export function executionsView(
  executions: readonly AgentExecution[],
  isWhole: boolean,
): z.input<typeof executionReplySchema>[] {
  if (isWhole) checkTextSize(executions)
  return executions.map(({ agent, evaluation, runs, version }) => ({
    evaluation,
    agent,
    version,
    runs: runs.map((run) => runView(run, isWhole)),
  }))
}

/** A run as it goes out, with or without its texts. */
export function runView(run: EvaluationRun, isWhole: boolean): z.input<typeof runReplySchema> {
  const {
    response,
    error,
    passToFailSuccess,
    failToPassSuccess,
    passToPassSuccess,
    failToFailSuccess,
    ...facts
  } = run
  const names = { passToFailSuccess, failToPassSuccess, passToPassSuccess, failToFailSuccess }
  return {
    ...facts,
    error: error?.slice(0, SHOWN_ERROR) ?? null,
    responseCharacters: response?.length ?? 0,
    tests: {
      passToFail: passToFailSuccess.length,
      failToPass: failToPassSuccess.length,
      passToPass: passToPassSuccess.length,
      failToFail: failToFailSuccess.length,
    },
    texts: isWhole ? { response, error, ...names } : null,
  }
}

function checkTextSize(executions: readonly AgentExecution[]): void {
  let characters = 0
  for (const { runs } of executions) {
    for (const run of runs) characters += textSize(run)
  }
  if (characters <= MAX_TEXT) return
  throw new InputError({
    field: 'query.include',
    value: 'response',
    problem: `asks for ${characters} characters of patches, errors and tests, over the ${MAX_TEXT} of one reply`,
    hint: 'ask with a smaller limit, or without it',
  })
}

function textSize(run: EvaluationRun): number {
  const names = [
    run.passToFailSuccess,
    run.failToPassSuccess,
    run.passToPassSuccess,
    run.failToFailSuccess,
  ].flat()
  return names.reduce(
    (sum, name) => sum + name.length,
    (run.response?.length ?? 0) + (run.error?.length ?? 0),
  )
}
