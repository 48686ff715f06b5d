import { InputError } from '@subnetkit/core'

import type { EnvironmentMean, RuleInput } from './weight-rule.ts'

/** A miner's place in more subsets than anybody would read; every further environment doubles them. */
const MAX_ENVIRONMENTS = 16

/** Refuses what no weight may be made of. @throws InputError naming the environment, or the miner and the environment. */
export function checkRuleInput({ environments, miners }: RuleInput): void {
  const taskCounts = new Map(environments.map(({ name, taskCount }) => [name, taskCount]))
  if (environments.length === 0 || environments.length > MAX_ENVIRONMENTS) {
    throw new InputError({
      field: 'environments',
      value: environments.length,
      problem: 'is not a number of environments that can be scored together',
      hint: `let 1 to ${MAX_ENVIRONMENTS} of them count`,
    })
  }
  if (taskCounts.size < environments.length) throw twice('environments')
  if (new Set(miners.map(({ minerHotkey }) => minerHotkey)).size < miners.length) throw twice('miners')
  for (const { minerHotkey, means } of miners) {
    for (const [environment, mean] of means) {
      checkMean(`${minerHotkey} in ${environment}`, mean, taskCounts.get(environment))
    }
  }
}

function checkMean(
  subject: string,
  { mean, sampleCount }: EnvironmentMean,
  taskCount: number | undefined,
): void {
  if (taskCount === undefined) {
    throw new InputError({
      field: subject,
      problem: 'has samples of an environment that does not count',
      hint: 'leave them out',
    })
  }
  if (!(mean >= 0 && mean <= 1)) {
    throw new InputError({
      field: `${subject}: mean`,
      value: mean,
      problem: 'is not a normalised score',
      hint: 'give a number from 0 to 1',
    })
  }
  if (!(Number.isInteger(sampleCount) && sampleCount >= 0 && sampleCount <= taskCount)) {
    throw new InputError({
      field: `${subject}: sampleCount`,
      value: sampleCount,
      problem: 'is not a count of its tasks',
      hint: `give a whole number from 0 to ${taskCount}`,
    })
  }
}

function twice(field: string): InputError {
  return new InputError({ field, problem: 'name one of them twice', hint: 'give each once' })
}
