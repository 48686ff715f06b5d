import { z } from 'zod'

import {
  blockNumberSchema,
  hotkeySchema,
  instantSchema,
  netuidSchema,
  uidSchema,
  uint64Schema,
} from './scalars.ts'
import { u16Schema } from './weight-cycle.ts'

/** What one epoch left at one uid. Shares are the chain's own u16, 65535 being all of it: nothing is rounded here. */
export const chainNeuronSchema = z.strictObject({
  netuid: netuidSchema,
  /** The block at which the epoch ran; not the block at which somebody looked. */
  epochBlock: blockNumberSchema,
  uid: uidSchema,
  hotkey: hotkeySchema,
  coldkey: hotkeySchema,
  /** Rao. */
  stake: uint64Schema,
  incentive: u16Schema,
  dividends: u16Schema,
  consensus: u16Schema,
  validatorTrust: u16Schema,
  /** Rao per epoch. */
  emission: uint64Schema,
  hasPermit: z.boolean(),
  isActive: z.boolean(),
  /** Block of its last weights or commit; 0 for never. */
  lastUpdate: blockNumberSchema,
  /** Block at which the hotkey took the uid. */
  registeredAt: blockNumberSchema,
  /** When it was read. */
  observedAt: instantSchema,
})
/** See {@link chainNeuronSchema}. */
export type ChainNeuron = z.infer<typeof chainNeuronSchema>
