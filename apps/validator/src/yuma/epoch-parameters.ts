/** Liquid alpha: how fast bonds follow weights depends on how far a validator is ahead of consensus. Yuma 3 only. */
export interface LiquidAlpha {
  /** Slowest rate, u16 of one. */
  readonly low: number
  /** Fastest rate, u16 of one; not below `low`. */
  readonly high: number
  /** Steepness of the sigmoid between them, in hundredths; 0 to 32,767. */
  readonly steepness: number
}

/** The hyperparameters that an epoch reads, in the units in which the chain keeps them. */
export interface EpochParameters {
  /** `2`: bonds follow the stake behind weights. `3`: bonds follow weights alone, stake counts when dividends are paid. */
  readonly yuma: 2 | 3
  /** Majority of stake that a weight needs to count in full, u16 of one. */
  readonly kappa: number
  /** Share of its bonds that a validator keeps each epoch, in millionths. */
  readonly bondsMovingAverage: number
  /** How much weight above consensus is lost for bonds, u16 of one: 0 nothing, 65,535 all of it. */
  readonly bondsPenalty: number
  /** `null` is off. */
  readonly liquidAlpha: LiquidAlpha | null
  /** How many permits there are. */
  readonly maxValidators: number
  /** Blocks between epochs; whoever registered within the last so many blocks starts without bonds. */
  readonly tempo: number
  /** Blocks without new weights after which a validator's stake does not count. */
  readonly activityCutoff: number
  /** Least stake in rao that counts at all. */
  readonly minStake: bigint
  /** Since 2026 the owner's hotkey keeps its permit, and its stake counts below the minimum. */
  readonly isOwnerExempt: boolean
  /** What the epoch pays out, in rao. */
  readonly emission: bigint
}

/** A new subnet's hyperparameters, with one token of emission per epoch. */
export const DEFAULT_EPOCH_PARAMETERS: EpochParameters = Object.freeze({
  yuma: 2,
  kappa: 32_767,
  bondsMovingAverage: 900_000,
  bondsPenalty: 65_535,
  liquidAlpha: null,
  maxValidators: 128,
  tempo: 360,
  activityCutoff: 5_000,
  minStake: 0n,
  isOwnerExempt: true,
  emission: 1_000_000_000n,
})

/** The rates that liquid alpha has on the chain unless the owner sets others. */
export const DEFAULT_LIQUID_ALPHA: LiquidAlpha = Object.freeze({
  low: 45_875,
  high: 58_982,
  steepness: 1_000,
})
