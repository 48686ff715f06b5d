import type { CallOptions, MinerRegistration, MinerRepository } from '@subnetkit/core'

import { keepPlace } from '../registrations/keep-place.ts'

/** Uids of a local subnet that are no miner's: its owner, our validator and its two peers. */
export const LOCAL_HOSTS = 4

/** What is registered of a miner on this machine. */
export interface LocalMinerEntry {
  readonly hotkey: string
  readonly endpoint: string
  readonly modelName: string
}

/** Which local miners are there. */
export interface RegisterLocalMinersParams {
  readonly miners: Pick<MinerRepository, 'find' | 'put'>
  readonly localMiners: readonly LocalMinerEntry[]
  /** The seed that decides what they are like: another seed is another model. */
  readonly seed: number
  /** False when they stop: they keep their samples, and are not asked again until they are back. */
  readonly isRunning: boolean
  readonly now: Date
}

/**
 * Registers local miners, or says that they have gone: where the chain has them, else under the uids that a local chain
 * begun with them gives them, which is in the order of hotkeys after its hosts.
 */
export async function registerLocalMiners(
  params: RegisterLocalMinersParams,
  options?: CallOptions,
): Promise<void> {
  const { miners, localMiners, seed, isRunning, now } = params
  const inOrder = localMiners.map(({ hotkey }) => hotkey).toSorted()
  for (const [index, { hotkey, endpoint, modelName }] of localMiners.entries()) {
    const registration: MinerRegistration = {
      hotkey,
      coldkey: null,
      uid: LOCAL_HOSTS + inOrder.indexOf(hotkey),
      modelName,
      modelRevision: `seed-${seed}`,
      modelHash: `local-${seed}-${index}`,
      endpoint: isRunning ? endpoint : null,
      endpointStatus: isRunning ? 'hot' : 'cold',
      endpointCheckedAt: now,
      invalidReason: null,
      firstBlock: index + 1,
      lastBlock: index + 1,
    }
    const known = await miners.find({ hotkey }, options)
    await miners.put({ registration: keepPlace(registration, known), now }, options)
  }
}
