import type { CallOptions, MinerRegistration, MinerRepository } from '@subnetkit/core'

/** What is registered of a miner on this machine. */
export interface LocalMinerEntry {
  readonly hotkey: string
  readonly endpoint: string
  readonly modelName: string
}

/** Which local miners are there. */
export interface RegisterLocalMinersParams {
  readonly miners: Pick<MinerRepository, 'put'>
  readonly localMiners: readonly LocalMinerEntry[]
  /** The seed that decides what they are like: another seed is another model. */
  readonly seed: number
  /** False when they stop: they keep their samples, and are not asked again until they are back. */
  readonly isRunning: boolean
  readonly now: Date
}

/** Registers local miners under uids from 1, or says that they have gone. */
export async function registerLocalMiners(
  params: RegisterLocalMinersParams,
  options?: CallOptions,
): Promise<void> {
  const { miners, localMiners, seed, isRunning, now } = params
  for (const [index, { hotkey, endpoint, modelName }] of localMiners.entries()) {
    const registration: MinerRegistration = {
      hotkey,
      coldkey: null,
      uid: index + 1,
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
    await miners.put({ registration, now }, options)
  }
}
