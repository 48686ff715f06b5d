import { detect } from '../detect.ts'
import type { DetectionInput } from '../detection-input.ts'
import type { DetectionOptions } from '../detection-options.ts'
import type { Typology } from '../typology.ts'

/** Who is alerted for one typology, sorted, each once: what most tests of a detector ask. */
export async function alertedAddresses(
  typology: Typology,
  input: DetectionInput,
  options: Partial<DetectionOptions> = {},
): Promise<string[]> {
  const { alerts } = await detect(input, options)
  const chosen = alerts.filter(({ typologyType }) => typologyType === typology)
  return [...new Set(chosen.map(({ address }) => address))].sort()
}
