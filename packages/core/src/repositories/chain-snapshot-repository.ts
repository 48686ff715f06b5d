import type { ChainNeuron } from '../models/chain-snapshot.ts'
import type { CallOptions } from './call-options.ts'

/** One point of a hotkey's history on chain. */
export interface IncentivePoint {
  readonly epochBlock: number
  readonly uid: number
  readonly incentive: number
  readonly dividends: number
  readonly observedAt: Date
}

/** What the chain made of everybody's weights, epoch by epoch. Facts of the chain: the same whoever read them. */
export interface ChainSnapshotRepository {
  /** Stores all neurons of one epoch; the same epoch again replaces, uid by uid. */
  put(params: Readonly<{ neurons: readonly ChainNeuron[] }>, options?: CallOptions): Promise<void>
  /** The last epoch stored; null without any. */
  findLatestEpoch(params: Readonly<{ netuid: number }>, options?: CallOptions): Promise<number | null>
  /** The neurons of an epoch in the order of uids; none when it was not stored. */
  list(
    params: Readonly<{ netuid: number; epochBlock: number }>,
    options?: CallOptions,
  ): Promise<readonly ChainNeuron[]>
  /** A hotkey's incentive over epochs, newest first, at most `limit` (1–10,000) of them. */
  listPoints(
    params: Readonly<{ netuid: number; hotkey: string; limit: number }>,
    options?: CallOptions,
  ): Promise<readonly IncentivePoint[]>
}
