import type { ChainNeuron, MinerPerformance } from '@subnetkit/core'

import { competitionRanks } from './competition-ranks.ts'
import { minerName } from './performance-input.ts'

/** All of something, as the chain writes shares. */
const FULL_SHARE = 65_535

/** A miner's columns that come from the chain. */
export type ChainStanding = Pick<
  MinerPerformance,
  'incentiveValue' | 'incentive' | 'consensusRank' | 'consensusBlock'
>

/** What is told of a hotkey that was not at its uid when the epoch ran. */
export const noStanding: ChainStanding = {
  incentiveValue: null,
  incentive: null,
  consensusRank: null,
  consensusBlock: null,
}

/**
 * By {@link minerName}: what an epoch gave, as the chain's own u16 and as a share, and the place among all neurons with
 * any incentive.
 */
export function chainStandings(neurons: readonly ChainNeuron[]): ReadonlyMap<string, ChainStanding> {
  const ranks = competitionRanks(neurons.map(({ incentive }) => (incentive > 0 ? incentive : null)))
  return new Map(
    neurons.map(({ uid, hotkey, incentive, epochBlock }, at) => [
      minerName(uid, hotkey),
      {
        incentiveValue: incentive,
        incentive: incentive / FULL_SHARE,
        consensusRank: ranks[at] ?? null,
        consensusBlock: epochBlock,
      },
    ]),
  )
}
