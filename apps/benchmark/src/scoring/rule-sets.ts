import { InputError } from '@subnetkit/core'

import { epochRules } from './epoch-rules.ts'
import type { RuleSet } from './rule-set.ts'
import { successorRules } from './successor-rules.ts'

/** Every rule set by its name. A changed rule gets a new name: stored scores say under which one they were given. */
export const ruleSets: readonly RuleSet[] = [epochRules, successorRules]

/** @throws InputError when no rule set has the name; it lists those that there are. */
export function getRuleSet(name: string): RuleSet {
  const found = ruleSets.find((ruleSet) => ruleSet.name === name)
  if (found !== undefined) return found
  throw new InputError({
    field: 'rule set',
    value: name,
    problem: 'is not known',
    hint: `use one of ${ruleSets.map((ruleSet) => ruleSet.name).join(', ')}`,
  })
}
