import { z } from 'zod'

/** What a submission does: find patterns (`analytics`) or give every account a risk score (`ml`). */
export const imageTypes = ['analytics', 'ml'] as const
/** See {@link imageTypes}. */
export const imageTypeSchema = z.enum(imageTypes)
/** See {@link imageTypes}. */
export type ImageType = z.infer<typeof imageTypeSchema>
