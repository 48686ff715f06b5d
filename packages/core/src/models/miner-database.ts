import { z } from 'zod'

import { imageTypeSchema } from './image-type.ts'
import { hotkeySchema, instantSchema } from './scalars.ts'

/** The name of a miner's own output database. Only one function of the benchmark makes it, from a checked hotkey. */
export const minerDatabaseNameSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,31}_(?:analytics|ml)_[A-Za-z0-9]{1,64}$/,
    'must be <prefix>_<image type>_<hotkey>',
  )
  .brand<'MinerDatabaseName'>()
/** See {@link minerDatabaseNameSchema}. */
export type MinerDatabaseName = z.infer<typeof minerDatabaseNameSchema>

/** `archived`: nothing is written any more. `deleted`: it was dropped; the row stays as a memory of it. */
export const minerDatabaseStatuses = ['active', 'archived', 'deleted'] as const
/** One of {@link minerDatabaseStatuses}. */
export type MinerDatabaseStatus = (typeof minerDatabaseStatuses)[number]

/** That a miner has an output database, and when it was used last. */
export const minerDatabaseSchema = z.strictObject({
  hotkey: hotkeySchema,
  imageType: imageTypeSchema,
  databaseName: minerDatabaseNameSchema,
  status: z.enum(minerDatabaseStatuses),
  createdAt: instantSchema,
  lastUsedAt: instantSchema,
})
/** See {@link minerDatabaseSchema}. */
export type MinerDatabase = z.infer<typeof minerDatabaseSchema>
