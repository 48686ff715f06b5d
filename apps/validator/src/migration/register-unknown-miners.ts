import type { CallOptions, MinerRegistration, MinerRepository, NewSample } from '@subnetkit/core'

/**
 * Makes a miner known from its imported samples, as one that is not registered any more: what the chain says later
 * replaces it, and what is known already stays. Hotkeys in `seen` are passed over and added to.
 */
export async function registerUnknownMiners(
  params: Readonly<{
    miners: Pick<MinerRepository, 'find' | 'put'>
    samples: readonly NewSample[]
    seen: Set<string>
    now: Date
  }>,
  options?: CallOptions,
): Promise<void> {
  const { miners, samples, seen, now } = params
  for (const sample of samples) {
    const hotkey = sample.minerHotkey
    if (seen.has(hotkey)) continue
    if ((await miners.find({ hotkey }, options)) === null) {
      await miners.put({ registration: registrationOf(sample), now }, options)
    }
    seen.add(hotkey)
  }
}

function registrationOf(sample: NewSample): MinerRegistration {
  return {
    hotkey: sample.minerHotkey,
    coldkey: null,
    uid: null,
    modelName: sample.modelName,
    modelRevision: sample.modelRevision,
    modelHash: sample.modelHash,
    endpoint: null,
    endpointStatus: 'unknown',
    endpointCheckedAt: null,
    invalidReason: 'known from imported samples only',
    firstBlock: null,
    lastBlock: null,
  }
}
