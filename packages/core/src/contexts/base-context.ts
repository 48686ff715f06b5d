import { z } from 'zod'

import { networkSchema, utcDateSchema, windowDaysSchema } from '../models/scalars.ts'

/**
 * What every task is told: the network, the day on which the observed window ends (exclusive, UTC) and the window's
 * length. Contexts are strict and plain JSON: a queue may carry them to another process, and an unknown key is refused
 * there as here. They hold no client, no secret and no function; stores are injected.
 */
export const baseContextSchema = z.strictObject({
  network: networkSchema,
  windowDays: windowDaysSchema,
  processingDate: utcDateSchema,
})
/** See {@link baseContextSchema}. */
export type BaseContext = z.infer<typeof baseContextSchema>
