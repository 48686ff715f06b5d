import { StorageError } from '@subnetkit/core'
import { z } from 'zod'

import type { Explanation } from '../scoring/alert-scorer.ts'

const explanationSchema = z.strictObject({
  score: z.number(),
  base: z.number(),
  contributions: z.array(z.strictObject({ feature: z.string(), impact: z.number(), value: z.number() })),
})

/**
 * Reads an explanation back from its stored text.
 *
 * @throws StorageError `corrupt_row` when the text is not one of ours.
 */
export function parseExplanation(text: string): Explanation {
  try {
    return explanationSchema.parse(JSON.parse(text))
  } catch (error) {
    throw new StorageError({ code: 'corrupt_row', message: 'an explanation cannot be read', cause: error })
  }
}
