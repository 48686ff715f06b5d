import type { CallOptions } from '@subnetkit/core'

import type { ProbeTurn } from './probe-turn.ts'

/** One subnet of one network. */
export interface Subnet {
  readonly network: string
  readonly netuid: number
}

/** Turns are taken for a while: a prober that dies loses its turn when its time is over. */
export interface ProbeTurnRepository {
  /** Takes the turn, or gives null when it is somebody else's. The same token again gets it again. */
  take(
    params: Subnet & {
      readonly owner: string
      readonly token: string
      readonly forMs: number
      readonly now: Date
    },
    options?: CallOptions,
  ): Promise<ProbeTurn | null>
  /** Counts the rounds and ends the turn; false when it was lost, and then nothing is counted. */
  end(
    params: Subnet & { readonly token: string; readonly rounds: number },
    options?: CallOptions,
  ): Promise<boolean>
  /** Null before the first turn. */
  find(params: Subnet, options?: CallOptions): Promise<ProbeTurn | null>
}
