import { u16Schema } from '@subnetkit/core'
import { z } from 'zod'

import { DEFAULT_EPOCH_PARAMETERS } from '../../yuma/epoch-parameters.ts'
import { uint64Text } from './uint64-text.ts'

/** The version of time-locked commits that the chain takes now. */
export const COMMIT_REVEAL_VERSION = 4

const share = u16Schema
const wholeBlocks = z.int().min(0)

/** What the owner of a local subnet has set, in the units in which the chain keeps it. */
export const localChainParametersSchema = z.strictObject({
  /** Blocks between two epochs; 0 is never. With 1 no block would be left in which the other validators send. */
  tempo: z
    .int()
    .min(0)
    .max(50_400)
    .refine((blocks) => blocks !== 1, 'must be 0, or 2 or more'),
  /** Blocks that must lie between two submissions of one hotkey. */
  weightsRateLimit: wholeBlocks,
  minAllowedWeights: z.int().min(0).max(65_535),
  /** Largest share of one weight as u16; 65535 is no limit. */
  maxWeightLimit: share,
  /** 0 takes any version. */
  weightsVersionKey: uint64Text,
  commitRevealEnabled: z.boolean(),
  /** Epochs from a commit to its reveal. */
  revealPeriodEpochs: z.int().min(1).max(100),
  commitRevealVersion: u16Schema,
  /** Blocks after which a validator that sets no weights counts for nothing. */
  activityCutoff: wholeBlocks,
  /** Rao that somebody must have at stake to set weights. */
  stakeThreshold: uint64Text,
  /** Neurons that find room; the next one takes the place of another. */
  maxUids: z.int().min(1).max(4_096),
  /** Blocks from its registration on in which a neuron is replaced only when all others are as new. */
  immunityPeriod: wholeBlocks,
  /** Neurons out of immunity that always stay. */
  minNonImmuneUids: z.int().min(0),
  maxValidators: z.int().min(0).max(65_535),
  /** Rao that an epoch pays. */
  emission: uint64Text,
  yuma: z.union([z.literal(2), z.literal(3)]),
  kappa: share,
  bondsMovingAverage: z.int().min(0).max(1_000_000),
  bondsPenalty: share,
  liquidAlpha: z
    .strictObject({ low: share, high: share, steepness: z.int().min(0).max(32_767) })
    .refine(({ low, high }) => low <= high, 'low must not be above high')
    .nullable(),
})
/** See {@link localChainParametersSchema}. */
export type LocalChainParameters = z.infer<typeof localChainParametersSchema>

/**
 * A subnet to try things on: the chain's own consensus, but short epochs, a short rate limit and room for one weight.
 * Commit-reveal is on, as on a new subnet.
 */
export const LOCAL_CHAIN_DEFAULTS: LocalChainParameters = Object.freeze({
  tempo: 20,
  weightsRateLimit: 10,
  minAllowedWeights: 1,
  maxWeightLimit: 65_535,
  weightsVersionKey: 0n,
  commitRevealEnabled: true,
  revealPeriodEpochs: 1,
  commitRevealVersion: COMMIT_REVEAL_VERSION,
  activityCutoff: DEFAULT_EPOCH_PARAMETERS.activityCutoff,
  stakeThreshold: 1_000_000_000n,
  maxUids: 256,
  immunityPeriod: 40,
  minNonImmuneUids: 0,
  maxValidators: 64,
  emission: DEFAULT_EPOCH_PARAMETERS.emission,
  yuma: DEFAULT_EPOCH_PARAMETERS.yuma,
  kappa: DEFAULT_EPOCH_PARAMETERS.kappa,
  bondsMovingAverage: DEFAULT_EPOCH_PARAMETERS.bondsMovingAverage,
  bondsPenalty: DEFAULT_EPOCH_PARAMETERS.bondsPenalty,
  liquidAlpha: null,
})
