import type { ChainNeuron, SubmissionMechanism } from '@subnetkit/core'

/** What every call of a chain takes besides its parameters. */
export interface ChainOptions {
  readonly signal?: AbortSignal
}

/** The newest block that the chain is sure of. */
export interface ChainHead {
  readonly blockNumber: number
  /** `0x` and 64 hex digits. */
  readonly blockHash: string
  /** The block's own time, UTC. */
  readonly at: Date
}

/** What a subnet asks of weights, at one block. */
export interface Hyperparameters {
  readonly netuid: number
  /** Blocks between two epochs; 0 is never. */
  readonly tempo: number
  /** Blocks that must lie between two submissions of one hotkey. */
  readonly weightsRateLimit: number
  /** Smallest number of weights in a vector, unless the subnet has fewer neurons. */
  readonly minAllowedWeights: number
  /** Largest share of one weight as u16; 65535 is no limit. */
  readonly maxWeightLimit: number
  /** Lowest version key that is taken; 0 is any. */
  readonly weightsVersionKey: bigint
  readonly commitRevealEnabled: boolean
  /** Epochs from a commit to its reveal, 1–100. */
  readonly revealPeriodEpochs: number
  /** Blocks after which a validator that sets no weights counts for nothing. */
  readonly activityCutoff: number
  /** Stake in rao that a validator needs to set weights. */
  readonly stakeThreshold: bigint
}

/** A neuron as the chain has it now: what the last epoch left, and who holds the uid at this block. */
export type MetagraphNeuron = Omit<ChainNeuron, 'netuid' | 'epochBlock' | 'observedAt'>

/** A subnet at one block: everything of it is read at that block. */
export interface Metagraph {
  readonly netuid: number
  readonly blockNumber: number
  readonly blockHash: string
  readonly at: Date
  /** Block of the last epoch: what incentive, dividends and consensus come from. */
  readonly epochBlock: number
  /** The block at which the next epoch will run, at the earliest; null when none will. */
  readonly nextEpochBlock: number | null
  /** Hotkey of the subnet's owner; null when it has none. */
  readonly ownerHotkey: string | null
  /** In the order of uids, each once; uid and hotkey are unique. */
  readonly neurons: readonly MetagraphNeuron[]
}

/** A vector as the chain takes it: the largest value is 65535, uids are distinct. */
export interface WeightVector {
  readonly uids: readonly number[]
  readonly values: readonly number[]
}

/** One submission. */
export interface SubmitWeightsParams {
  readonly netuid: number
  readonly vector: WeightVector
  readonly versionKey: bigint
  /** `plain` where commit-reveal is off; which of the two commits otherwise is the operator's choice. */
  readonly mechanism: SubmissionMechanism
  /**
   * The same for a submission and its reveal, another for each submission. A hash commit's salt is derived from it and
   * from the key that signs, so that nobody has to keep a salt, and a crash cannot lose one.
   */
  readonly nonce: string
  /**
   * The final block that it was decided at: the chain takes it within {@link Chain.landsWithin} blocks from there, or
   * never. @default the newest final block
   */
  readonly fromBlock?: number
}

/**
 * What came of a submission. `rejected` is certain: the chain said no and holds nothing of it. `unknown` is not: whoever
 * tries again looks first whether it landed.
 */
export type SubmissionOutcome =
  | {
      readonly kind: 'included'
      readonly blockNumber: number
      readonly blockHash: string
      readonly extrinsicHash: string
      /** Where the reveal is to be expected: its drand round, or null. */
      readonly revealRound: number | null
    }
  | {
      readonly kind: 'rejected'
      /** The chain's own name of the error, such as `SettingWeightsTooFast`. */
      readonly error: string
      readonly message: string
      /** Block of the failed extrinsic; null when it never got into one. */
      readonly blockNumber: number | null
    }
  | { readonly kind: 'unknown'; readonly message: string }

/** What the chain holds of a validator's weights now. */
export interface HeldWeights {
  readonly blockNumber: number
  /** Block of the last weights or commit; 0 for never. */
  readonly lastUpdate: number
  readonly vector: WeightVector
  /**
   * Whether the last epoch ran on this vector; false also where that cannot be told. Left out by chains that open commits
   * in no other block than an epoch's own.
   */
  readonly isOfLastEpoch?: boolean
  /** Blocks of commits that are neither revealed nor expired, ascending. */
  readonly openCommits: readonly number[]
}

/**
 * A chain that pays by weights. Reads are of finalised blocks, so that what was read once stays true; a call that fails
 * throws a `ChainError` and never answers with an empty subnet.
 */
export interface Chain extends AsyncDisposable {
  /** For a person: `local chain in <folder>`, `wss://…`. Never a secret. */
  readonly description: string
  /** Blocks after which a submission never lands, whatever became of it. @default 0, on a chain that answers at once */
  readonly landsWithin?: number
  head(options?: ChainOptions): Promise<ChainHead>
  /** @throws ChainError `no_subnet` when there is no such subnet. */
  hyperparameters(params: Readonly<{ netuid: number }>, options?: ChainOptions): Promise<Hyperparameters>
  metagraph(params: Readonly<{ netuid: number }>, options?: ChainOptions): Promise<Metagraph>
  /** Signs with the key that the chain was opened with; waits until a block has it or the chain said no. */
  submitWeights(params: SubmitWeightsParams, options?: ChainOptions): Promise<SubmissionOutcome>
  /** Opens a hash commit: the same vector, version key and nonce as committed. */
  revealWeights(
    params: Omit<SubmitWeightsParams, 'mechanism'>,
    options?: ChainOptions,
  ): Promise<SubmissionOutcome>
  heldWeights(
    params: Readonly<{ netuid: number; hotkey: string }>,
    options?: ChainOptions,
  ): Promise<HeldWeights>
  close(): Promise<void>
}

/** Why a chain could not answer. */
export const chainErrorCodes = [
  /** No answer in time, or the connection is down. */
  'unreachable',
  /** There is no such subnet. */
  'no_subnet',
  /** It answered what cannot be: a missing field, a uid twice, a metadata that lacks a call. */
  'bad_answer',
  /** The account that signs is not a neuron of the subnet. */
  'not_registered',
  /** A block that was read is not part of the chain any more. */
  'reorganised',
] as const
/** One of {@link chainErrorCodes}. */
export type ChainErrorCode = (typeof chainErrorCodes)[number]

/** A chain that did not answer as it should. */
export class ChainError extends Error {
  override readonly name = 'ChainError'
  readonly code: ChainErrorCode

  constructor(params: Readonly<{ code: ChainErrorCode; message: string; cause?: unknown }>) {
    super(params.message, params.cause === undefined ? undefined : { cause: params.cause })
    this.code = params.code
  }

  /** Whether trying again may help. */
  get isRetryable(): boolean {
    return this.code === 'unreachable' || this.code === 'reorganised'
  }
}
