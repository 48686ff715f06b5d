import type { z } from 'zod'

import { parseInput } from './parse-input.ts'

/**
 * What the environment says, as a program reads it once at its start. A variable that is set to nothing counts as unset, as
 * compose files write it.
 *
 * @throws InputError naming the variable whose value does not fit.
 */
export function readEnvironment<Values>(
  schema: z.ZodType<Values>,
  environment: Readonly<Record<string, string | undefined>>,
): Values {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  return parseInput(schema, set, { subject: 'environment', fieldName: (path) => String(path[0]) })
}
