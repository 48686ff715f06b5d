import { z } from 'zod'

import { actorSchema, instantSchema } from './scalars.ts'

/** The shortest time for which a lock is taken: less would run out while the answer is on its way. */
export const MIN_LOCK_LEASE_MS = 1_000
/** The longest: who works longer renews it. */
export const MAX_LOCK_LEASE_MS = 86_400_000

/** For how long a lock is taken or renewed, in milliseconds. */
export const lockLeaseMsSchema = z.int().min(MIN_LOCK_LEASE_MS).max(MAX_LOCK_LEASE_MS)

/** A lock that is held until a time. */
export const heldLockSchema = z.strictObject({
  /** What is locked, for example `weights.finney.120`. */
  name: actorSchema,
  /** Who holds it, for people to read. */
  owner: actorSchema,
  /** What renewing and giving back must name; new for each time that it is taken. */
  token: actorSchema,
  /** From this moment on anybody may take it over. */
  expiresAt: instantSchema,
})
/** See {@link heldLockSchema}. */
export type HeldLock = z.infer<typeof heldLockSchema>
