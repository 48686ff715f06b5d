import {
  blockNumberSchema,
  hotkeySchema,
  netuidSchema,
  u16Schema,
  uidSchema,
  unitIntervalSchema,
} from '@subnetkit/core'
import { z } from 'zod'

import { localChainParametersSchema } from './local-chain-parameters.ts'
import { uint64Text } from './uint64-text.ts'

/** Pairs of uid and u16, as the chain keeps a row of weights or bonds: in the order in which they were sent. */
const pairsSchema = z.strictObject({ uids: z.array(uidSchema), values: z.array(u16Schema) })

const localNeuronSchema = z.strictObject({
  hotkey: hotkeySchema,
  coldkey: hotkeySchema,
  /** Rao. An epoch's emission is shown and not staked: what a neuron earned here is never worth anything. */
  stake: uint64Text,
  hasPermit: z.boolean(),
  isActive: z.boolean(),
  /** Block of its last weights or commit; that of its registration before any. */
  lastUpdate: blockNumberSchema,
  registeredAt: blockNumberSchema,
  incentive: u16Schema,
  dividends: u16Schema,
  consensus: u16Schema,
  validatorTrust: u16Schema,
  /** Rao of the last epoch. */
  emission: uint64Text,
  weights: pairsSchema,
  bonds: pairsSchema,
})
/** A neuron of the local chain; its uid is its place among the neurons. */
export type LocalNeuron = z.infer<typeof localNeuronSchema>

const commitSchema = z.strictObject({
  hotkey: hotkeySchema,
  /** Number of the epoch that the commit fell into. */
  epoch: z.int().min(0),
  block: blockNumberSchema,
})

const timelockedCommitSchema = commitSchema.extend({
  /** What drand's key would open on the chain: nobody reads it here before its epoch. */
  payload: z.strictObject({ ...pairsSchema.shape, versionKey: uint64Text }),
})

const hashCommitSchema = commitSchema.extend({ hash: z.string().regex(/^[0-9a-f]{64}$/) })
/** The hash of weights that its hotkey will reveal. */
export type HashCommit = z.infer<typeof hashCommitSchema>

/**
 * All that the local chain knows: one subnet at one block. It is what stands in the file, with bigints as text; each
 * change of it is a pure function from one state to the next.
 */
export const localChainStateSchema = z.strictObject({
  version: z.literal(1),
  netuid: netuidSchema,
  /** The first block, and the time at which it was. */
  genesis: z.strictObject({
    block: blockNumberSchema,
    at: z.iso.datetime(),
    seed: z.string().min(1).max(128),
  }),
  blockMs: z.int().min(1).max(3_600_000),
  parameters: localChainParametersSchema,
  /** The newest block that anything happened in, or that somebody has seen. */
  block: blockNumberSchema,
  lastEpochBlock: blockNumberSchema,
  /** Epochs since the subnet began. */
  epoch: z.int().min(0),
  ownerHotkey: hotkeySchema.nullable(),
  neurons: z.array(localNeuronSchema),
  hashCommits: z.array(hashCommitSchema),
  timelockedCommits: z.array(timelockedCommitSchema),
  /** The validators that the chain plays itself, and how far each may be off, as a share of a score. */
  peers: z.array(z.strictObject({ hotkey: hotkeySchema, error: unitIntervalSchema })),
  /** What an honest validator would find each miner worth, by hotkey; who is missing is worth nothing. */
  scores: z.record(hotkeySchema, z.number().min(0).max(1)),
  /** Transactions so far: no two have the same hash. */
  extrinsics: z.int().min(0),
})
/** See {@link localChainStateSchema}. */
export type LocalChainState = z.infer<typeof localChainStateSchema>

/** The uid of a hotkey, or null when it is no neuron of the subnet. */
export function uidOf(state: LocalChainState, hotkey: string): number | null {
  const uid = state.neurons.findIndex((neuron) => neuron.hotkey === hotkey)
  return uid === -1 ? null : uid
}

/** The state with one neuron changed. */
export function withNeuron(
  state: LocalChainState,
  uid: number,
  change: Readonly<Partial<LocalNeuron>>,
): LocalChainState {
  const neurons = state.neurons.map((neuron, at) => (at === uid ? { ...neuron, ...change } : neuron))
  return { ...state, neurons }
}
