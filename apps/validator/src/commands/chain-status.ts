import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import type { Config } from '../config.ts'
import type { Chain, Metagraph } from '../ports/chain.ts'
import { textTable } from '../text-table.ts'
import { chainFlags, chainFlagsShape, withChain } from './chain-flags.ts'

const examples = `
Examples:
  $ validator chain status
  $ validator chain status --netuid 1 --json
`

/** `validator chain status`: the chain, what the subnet asks of weights, and how our validator stands there. */
export function chainStatusCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'status',
    description: 'the newest block, what the subnet asks of weights, and how our validator stands there',
    options: z.strictObject(chainFlagsShape),
    flags: (command) => {
      chainFlags(command).addHelpText('after', examples)
    },
    run: async (flags, session) =>
      await withChain(config, session, flags, false, async ({ composed: { chain, netuid } }) => {
        const value = await readStatus(chain, netuid, config.validatorHotkey, session.signal)
        return { value, text: statusText(value) }
      }),
  })
}

async function readStatus(
  chain: Chain,
  netuid: number,
  hotkey: string,
  signal: AbortSignal,
): Promise<ChainStatus> {
  const metagraph = await chain.metagraph({ netuid }, { signal })
  const [hyperparameters, held] = await Promise.all([
    chain.hyperparameters({ netuid }, { signal }),
    chain.heldWeights({ netuid, hotkey }, { signal }),
  ])
  const neuron = metagraph.neurons.find((one) => one.hotkey === hotkey) ?? null
  const { neurons, ...subnet } = metagraph
  return {
    chain: chain.description,
    subnet: {
      ...subnet,
      neurons: neurons.length,
      incentivised: neurons.filter(({ incentive }) => incentive > 0).length,
    },
    hyperparameters: { ...hyperparameters },
    validator: { hotkey, neuron, held },
  }
}

interface ChainStatus {
  readonly chain: string
  readonly subnet: Omit<Metagraph, 'neurons'> & Readonly<{ neurons: number; incentivised: number }>
  readonly hyperparameters: Awaited<ReturnType<Chain['hyperparameters']>>
  readonly validator: Readonly<{
    hotkey: string
    neuron: Metagraph['neurons'][number] | null
    held: Awaited<ReturnType<Chain['heldWeights']>>
  }>
}

function statusText({ chain, subnet, hyperparameters, validator }: ChainStatus): string {
  const { neuron, held, hotkey } = validator
  const ours: readonly (readonly string[])[] =
    neuron === null
      ? [['registered', 'no: its weights would be refused']]
      : [
          ['uid', String(neuron.uid)],
          ['permit', neuron.hasPermit ? 'yes' : 'no: its weights count for nothing'],
          ['stake', `${neuron.stake} rao`],
          ['last weights', held.lastUpdate === 0 ? 'never' : `block ${held.lastUpdate}`],
          ['weights held', String(held.vector.uids.length)],
          ['open commits', held.openCommits.length === 0 ? 'none' : held.openCommits.join(', ')],
        ]
  return [
    `${chain}, subnet ${subnet.netuid}, block ${subnet.blockNumber} of ${subnet.at.toISOString()}`,
    textTable(
      ['subnet', ''],
      [
        ['neurons', `${subnet.neurons}, of them ${subnet.incentivised} with incentive`],
        ['last epoch', `block ${subnet.epochBlock}`],
        ['next epoch', subnet.nextEpochBlock === null ? 'none' : `block ${subnet.nextEpochBlock}`],
        ['owner', subnet.ownerHotkey ?? 'none'],
        ['tempo', `${hyperparameters.tempo} blocks`],
        ['weights taken every', `${hyperparameters.weightsRateLimit} blocks`],
        ['commit-reveal', commitText(hyperparameters)],
        ['version key', String(hyperparameters.weightsVersionKey)],
      ],
    ),
    textTable(['validator', hotkey], ours),
  ].join('\n')
}

function commitText({ commitRevealEnabled, revealPeriodEpochs }: ChainStatus['hyperparameters']): string {
  return commitRevealEnabled ? `on, revealed after ${revealPeriodEpochs} epochs` : 'off'
}
