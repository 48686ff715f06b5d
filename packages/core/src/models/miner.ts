import { z } from 'zod'

import {
  blockNumberSchema,
  countSchema,
  hotkeySchema,
  instantSchema,
  modelRevisionSchema,
  netuidSchema,
  uidSchema,
} from './scalars.ts'

/** Whether the miner's endpoint answered when it was last looked at. */
export const endpointStatuses = ['hot', 'cold', 'unknown'] as const

/** What a validator knows about a miner from the chain and from its commitment. */
export const minerRegistrationSchema = z.strictObject({
  hotkey: hotkeySchema,
  coldkey: hotkeySchema.nullable(),
  /** Null once the hotkey is deregistered: another hotkey may stand there now. What a chain says later replaces it. */
  uid: uidSchema.nullable(),
  modelName: z.string().min(1).max(256),
  modelRevision: modelRevisionSchema,
  modelHash: z.string().min(1).max(128),
  /** Base URL of an OpenAI-compatible API, such as `https://example.org/v1`; checked again before each request. */
  endpoint: z.string().min(1).max(2_000).nullable(),
  endpointStatus: z.enum(endpointStatuses),
  endpointCheckedAt: instantSchema.nullable(),
  /** Why the miner is not sampled (`blacklisted`, `no_commit`, `model_hash_duplicate`, …), or null when it is valid. */
  invalidReason: z.string().min(1).max(256).nullable(),
  /** Block of the first and of the newest commitment; who came first wins among equals. */
  firstBlock: blockNumberSchema.nullable(),
  lastBlock: blockNumberSchema.nullable(),
})
/** See {@link minerRegistrationSchema}. */
export type MinerRegistration = z.infer<typeof minerRegistrationSchema>

/** Where the chain has a hotkey. */
export const minerPlaceSchema = z.strictObject({
  netuid: netuidSchema,
  /** Null: it is no neuron of the subnet. */
  uid: uidSchema.nullable(),
  /** Block at which it took the uid; null without one. */
  registeredAt: blockNumberSchema.nullable(),
  /** Block at which this was so. */
  blockNumber: blockNumberSchema,
})
/** See {@link minerPlaceSchema}. */
export type MinerPlace = z.infer<typeof minerPlaceSchema>

/** A uid that a hotkey has left, while something that hung on it is still to be put right. */
export const minerDepartureSchema = z.strictObject({
  netuid: netuidSchema,
  uid: uidSchema,
  /** When it was noticed: what the hotkey got at the uid before then is of the registration that has ended. */
  at: instantSchema,
})
/** See {@link minerDepartureSchema}. */
export type MinerDeparture = z.infer<typeof minerDepartureSchema>

/** A pause, set by a person or by a rule. */
export const minerPauseSchema = z.strictObject({
  reason: z.string().min(1).max(256),
  since: instantSchema,
  /** Null until somebody resumes it. */
  until: instantSchema.nullable(),
})
/** See {@link minerPauseSchema}. */
export type MinerPause = z.infer<typeof minerPauseSchema>

/**
 * Exact counters over the miner's life; each outcome counts once, also when its report is sent twice. Attempts that
 * failed on our side are none of the miner's: they change nothing here and stand in the execution logs.
 */
export const minerStatisticsSchema = z.strictObject({
  /** Scored attempts and the miner's faults, which are samples of score 0. */
  totalSamples: countSchema,
  /** Scored attempts, whatever their score. */
  successCount: countSchema,
  /** The miner's faults. */
  errorCount: countSchema,
  /** Miner's faults in a row; any scored sample ends the row. */
  consecutiveErrors: countSchema,
  lastSampleAt: instantSchema.nullable(),
})
/** See {@link minerStatisticsSchema}. */
export type MinerStatistics = z.infer<typeof minerStatisticsSchema>

/** A miner: its registration, where the chain has it, whether it is paused, and how it has done. */
export const minerSchema = minerRegistrationSchema.extend({
  /** Null until a chain was asked and knew the hotkey. */
  place: minerPlaceSchema.nullable(),
  /** By time, then netuid and uid. */
  departures: z.array(minerDepartureSchema),
  pause: minerPauseSchema.nullable(),
  statistics: minerStatisticsSchema,
  updatedAt: instantSchema,
})
/** See {@link minerSchema}. */
export type Miner = z.infer<typeof minerSchema>
