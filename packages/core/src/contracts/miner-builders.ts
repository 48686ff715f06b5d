import type { Miner, MinerRegistration } from '../models/miner.ts'

/** A plausible registration; tests name the fields that they are about. */
export function buildMinerRegistration(fields: Partial<MinerRegistration> = {}): MinerRegistration {
  return {
    hotkey: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
    coldkey: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
    uid: 7,
    modelName: 'someone/model-7b',
    modelRevision: '4f1c2d9',
    modelHash: 'c0ffee',
    endpoint: 'https://miner.example/v1',
    endpointStatus: 'hot',
    endpointCheckedAt: new Date('2026-02-03T04:05:06.345Z'),
    invalidReason: null,
    firstBlock: 4_000_000,
    lastBlock: 5_000_000,
    ...fields,
  }
}

/** A miner that was registered and never asked; tests name the fields that they are about. */
export function buildMiner(fields: Partial<Miner> = {}): Miner {
  return {
    ...buildMinerRegistration(),
    place: null,
    departures: [],
    pause: null,
    statistics: {
      totalSamples: 0,
      successCount: 0,
      errorCount: 0,
      consecutiveErrors: 0,
      lastSampleAt: null,
    },
    updatedAt: new Date('2026-02-03T04:05:06.345Z'),
    ...fields,
  }
}
