import { ONE } from './fixed-point.ts'
import type { ScenarioEpoch } from './run-scenario.ts'

/** One uid in one epoch, in the fractions that people read. Emission is in rao, as text, so that no digit is lost. */
export interface EpochRow {
  readonly epoch: number
  readonly block: number
  readonly uid: number
  /** Share of all stake that counts. */
  readonly stake: number
  /** Whether its weights count in the next epoch. */
  readonly hasPermit: boolean
  readonly isActive: boolean
  readonly consensus: number
  readonly trust: number
  readonly incentive: number
  readonly validatorTrust: number
  readonly dividends: number
  readonly emission: string
  /** Bonds after the epoch by miner's uid: Yuma 2 as shares of the largest bond on the miner, Yuma 3 of one. */
  readonly bonds: Readonly<Record<string, number>>
}

const U16_MAX = 65_535

/** An epoch as rows, one per uid in their order. */
export function epochRows({ epoch, block, result }: ScenarioEpoch): EpochRow[] {
  const { shares, emission, isActive, next } = result
  const share = (values: Float64Array, uid: number): number => (values[uid] ?? 0) / ONE
  return next.neurons.map(({ hasPermit }, uid) => {
    const bonds = next.bonds[uid]
    return {
      epoch,
      block,
      uid,
      stake: share(shares.stake, uid),
      hasPermit,
      isActive: isActive[uid] === true,
      consensus: share(shares.consensus, uid),
      trust: share(shares.trust, uid),
      incentive: share(shares.incentive, uid),
      validatorTrust: share(shares.validatorTrust, uid),
      dividends: share(shares.dividends, uid),
      emission: String((emission.miners[uid] ?? 0n) + (emission.validators[uid] ?? 0n)),
      bonds: Object.fromEntries(
        bonds?.uids.map((miner, at) => [String(miner), (bonds.values[at] ?? 0) / U16_MAX]) ?? [],
      ),
    }
  })
}
