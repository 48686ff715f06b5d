import { z } from 'zod'

import { hotkeySchema, instantSchema, uuidSchema } from './scalars.ts'

/** Most miners of one snapshot: as many as a subnet has places, with room. */
export const MAX_SNAPSHOT_MINERS = 4_096

/** A miner's share. */
export const minerWeightSchema = z.strictObject({
  minerHotkey: hotkeySchema,
  /** Finite; 0 says that the chain names the miner and gives it nothing. */
  weight: z.number().min(0),
})
/** See {@link minerWeightSchema}. */
export type MinerWeight = z.infer<typeof minerWeightSchema>

/** The weights of all miners as they stood from a moment on. */
export const weightsSnapshotSchema = z.strictObject({
  /** Given by the caller, so that storing it again is storing it once. */
  id: uuidSchema,
  timestamp: instantSchema,
  /** Seconds since the snapshot before it; null for the first. */
  timeSinceLastUpdateSeconds: z.number().min(0).nullable(),
  /** Each hotkey once, in the order of hotkeys. */
  minerWeights: z
    .array(minerWeightSchema)
    .max(MAX_SNAPSHOT_MINERS)
    .refine(isAscending, 'must name each hotkey once, in the order of hotkeys'),
})
/** See {@link weightsSnapshotSchema}. */
export type WeightsSnapshot = z.infer<typeof weightsSnapshotSchema>

function isAscending(weights: readonly MinerWeight[]): boolean {
  return weights.every((weight, index) => {
    const before = weights[index - 1]
    return before === undefined || before.minerHotkey < weight.minerHotkey
  })
}
