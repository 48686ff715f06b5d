import {
  actorSchema,
  contentIdSchema,
  environmentNameSchema,
  executionErrorSchema,
  generationSchema,
  hotkeySchema,
  instantSchema,
  MAX_CLAIMED_TASKS,
  MAX_TASK_LEASE_MS,
  sampleKeySchema,
  sampleScopeSchema,
} from '@subnetkit/core'
import { z } from 'zod'

const leaseMs = z.int().min(1).max(MAX_TASK_LEASE_MS)
/** A whole task or sample will do as a key: what else it holds is not looked at. */
const key = z.object(sampleKeySchema.shape)
const leased = { key, token: actorSchema, now: instantSchema }

/** What each method of the sampling queue takes, as far as no item codec checks it. */
export const samplingTaskParams = {
  claim: z.object({
    environment: environmentNameSchema,
    owner: actorSchema,
    claimId: actorSchema,
    limit: z.int().min(1).max(MAX_CLAIMED_TASKS),
    leaseMs,
    now: instantSchema,
  }),
  heartbeat: z.object({ ...leased, leaseMs }),
  complete: z.object({ ...leased, sampleId: contentIdSchema }),
  fail: z.object({ ...leased, error: executionErrorSchema }),
  release: z.object(leased),
  timedKey: z.object({ key, now: instantSchema }),
  revoke: z.object({
    minerHotkey: hotkeySchema,
    exceptModelHash: z.string().min(1).max(128).nullable(),
    now: instantSchema,
  }),
  environment: z.object({ environment: environmentNameSchema }),
  timedEnvironment: z.object({ environment: environmentNameSchema, now: instantSchema }),
  openTasks: z.object({ scope: z.object(sampleScopeSchema.shape), generation: generationSchema }),
  miner: z.object({ minerHotkey: hotkeySchema, now: instantSchema }),
} as const
