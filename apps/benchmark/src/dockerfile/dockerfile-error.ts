import { InputError } from '@subnetkit/core'

/** A line of a Dockerfile that is not accepted; `problem` goes on after the value. */
export function dockerfileError(
  params: Readonly<{ line: number; value: string; problem: string; hint: string }>,
): InputError {
  const { line, value, problem, hint } = params
  return new InputError({ field: `Dockerfile line ${line}`, value, problem, hint })
}
