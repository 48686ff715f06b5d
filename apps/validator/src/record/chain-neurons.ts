import type { ChainNeuron } from '@subnetkit/core'

import type { Metagraph } from '../ports/chain.ts'

/** What the last epoch left, as the record keeps it; observed when the block was read that shows it. */
export function chainNeurons({ netuid, epochBlock, at, neurons }: Metagraph): readonly ChainNeuron[] {
  return neurons.map((neuron) => ({ ...neuron, netuid, epochBlock, observedAt: at }))
}
