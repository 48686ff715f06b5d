import { z } from 'zod'

import { actorSchema, hotkeySchema, instantSchema } from './scalars.ts'

/** What a ban is on: one hotkey, or a coldkey and with it every hotkey that the chain says is its. */
export const banSubjects = ['hotkey', 'coldkey'] as const
/** One of {@link banSubjects}. */
export type BanSubject = (typeof banSubjects)[number]

/** One ban of one key. Lifting it ends it and keeps it: nothing of a banned miner is ever deleted. */
export const banSchema = z.strictObject({
  subject: z.enum(banSubjects),
  /** The hotkey or coldkey. */
  address: hotkeySchema,
  /** Its number among the bans of this key, from 1; the highest is the newest. */
  banNum: z.int().min(1).max(999_999),
  reason: z.string().min(1).max(256),
  since: instantSchema,
  bannedBy: actorSchema,
  /** Both null while it is in force. */
  liftedAt: instantSchema.nullable(),
  liftedBy: actorSchema.nullable(),
})
/** See {@link banSchema}. */
export type Ban = z.infer<typeof banSchema>

/** A key that can be banned. */
export type BannedKey = Readonly<Pick<Ban, 'subject' | 'address'>>
