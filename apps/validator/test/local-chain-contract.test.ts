import { advanceChain } from '../src/adapters/local-chain/advance-chain.ts'
import { epochInput } from '../src/adapters/local-chain/local-epoch.ts'
import type { LocalChainState } from '../src/adapters/local-chain/local-chain-state.ts'
import { toU16 } from '../src/yuma/fixed-point.ts'
import { runEpoch } from '../src/yuma/run-epoch.ts'
import { chainContract } from './chain-contract.ts'
import { keysOf, localSubnet, minerOf, netuid, openSubnet, validator } from './fixtures/local-subnet.ts'

const STAKE = 2_000_000_000n

chainContract({
  name: 'the local chain',
  setup: async (subnet) => {
    const opened = await openSubnet(localSubnet({ ...subnet, tempo: 20 }))
    const { chain, advance, signedBy } = opened
    const newcomerOf = (hotkey: string, stake: bigint): Parameters<typeof chain.register>[0] => ({
      hotkey,
      coldkey: keysOf(900).coldkey,
      stake,
      score: 0,
    })
    return {
      chain,
      netuid,
      validator,
      strangers: [keysOf(900).hotkey, keysOf(901).hotkey],
      miners: [0, 1, 2, 3, 4].map(minerOf),
      signedBy,
      advance,
      register: async (hotkey) => {
        await chain.register(newcomerOf(hotkey, STAKE))
      },
      replace: async (hotkey, newcomer) => {
        await chain.deregister({ hotkey, newcomer: newcomerOf(newcomer, 0n) })
      },
      predictIncentive: async () => predictIncentive(await chain.state()),
      [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
    }
  },
})

/** What Yuma makes of the subnet as the other validators leave it in the last block before the epoch. */
function predictIncentive(now: LocalChainState): readonly number[] {
  const block = now.lastEpochBlock + now.parameters.tempo
  const input = epochInput(advanceChain(now, block - 1))
  const { shares } = runEpoch(input.state, input.parameters, input.weights, block)
  return Array.from(shares.incentive, toU16)
}
