import { InputError } from '@subnetkit/core'

import { layersRule } from './layers-rule.ts'
import { pathwaysRule } from './pathways-rule.ts'
import type { WeightRule } from './weight-rule.ts'

const weightRules: readonly WeightRule[] = [layersRule, pathwaysRule]

/** The rule that the configuration key `scoring.rule` names. @throws InputError naming those that there are. */
export function getWeightRule(name: string): WeightRule {
  const rule = weightRules.find((known) => known.name === name)
  if (rule !== undefined) return rule
  throw new InputError({
    field: 'scoring.rule',
    value: name,
    problem: 'is not a weight rule',
    hint: `use ${weightRules.map((known) => known.name).join(' or ')}`,
  })
}
