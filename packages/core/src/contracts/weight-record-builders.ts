import type { ChainNeuron } from '../models/chain-snapshot.ts'
import type { MinerWeightTrace, TraceTask } from '../models/miner-weight-trace.ts'
import type { WeightCycle } from '../models/weight-cycle.ts'
import { newContentId } from './miner-row-builders.ts'

let made = 0

/** A hotkey that no earlier call gave. */
export function newHotkey(): string {
  made += 1
  return `5Hotkey${String(made).padStart(6, '0')}`
}

/** A cycle that was just prepared, of a new id; tests name the fields that they are about. */
export function buildWeightCycle(fields: Partial<WeightCycle> = {}): WeightCycle {
  const at = new Date('2026-02-03T04:05:06.345Z')
  return {
    netuid: 64,
    validatorHotkey: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
    cycleId: newContentId(),
    blockNumber: 5_000_360,
    snapshotId: 'ab'.repeat(16),
    snapshotBlock: 5_000_300,
    rule: 'pathways',
    parametersHash: 'c0ffee42'.repeat(8),
    burn: 0.1,
    state: 'prepared',
    reason: null,
    attempts: 0,
    versionKey: 1_001n,
    mechanism: null,
    inclusionBlock: null,
    extrinsicHash: null,
    revealBlock: null,
    effectiveBlock: null,
    weights: [
      { hotkey: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY', weight: 0.9, uid: null, value: null },
      { hotkey: '5DAAnrj7VHTznn2AWBemMuyBwZWs6FNFjdyVXUeYum3PTXFy', weight: 0.1, uid: null, value: null },
    ],
    steps: [{ state: 'prepared', at, blockNumber: 5_000_360, detail: null }],
    createdAt: at,
    updatedAt: at,
    ...fields,
  }
}

/** A task of a trace, scored and qualified. */
export function buildTraceTask(fields: Partial<TraceTask> = {}): TraceTask {
  return {
    task: 'weather',
    score: 0.75,
    percentile: 87.5,
    isQualified: true,
    contribution: 0.5,
    effectiveContribution: 0.575,
    count: 200,
    excellenceCut: 0.7,
    mean: 0.5,
    deviation: 0.125,
    steepness: 12,
    ...fields,
  }
}

/** A miner's way in the cycle of a new id, by excellence in weather. */
export function buildMinerWeightTrace(fields: Partial<MinerWeightTrace> = {}): MinerWeightTrace {
  return {
    netuid: 64,
    validatorHotkey: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
    cycleId: newContentId(),
    hotkey: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
    uid: 7,
    coldkey: '5DAAnrj7VHTznn2AWBemMuyBwZWs6FNFjdyVXUeYum3PTXFy',
    tasks: [
      buildTraceTask(),
      buildTraceTask({
        task: 'soil',
        score: null,
        percentile: null,
        isQualified: false,
        contribution: 0,
        effectiveContribution: 0,
        count: 3,
        excellenceCut: null,
        mean: null,
        deviation: null,
        steepness: null,
      }),
    ],
    pathway: 'excellence',
    bonus: 1.15,
    excellence: 0.575,
    excellenceTask: 'weather',
    diversity: 0.25,
    raw: 0.575,
    clusterSize: 1,
    clusterFactor: 1,
    normalised: 1,
    midpoint: 0.5,
    deviation: 0.2,
    branch: 'curve',
    curved: 0.99,
    weight: 0.25,
    heldBack: null,
    submittedWeight: 0.225,
    submittedValue: 65_535,
    // Far ahead of any engine's clock: traces run out, and no test may race with that.
    createdAt: new Date('2106-02-03T04:05:06.345Z'),
    ...fields,
  }
}

/** A neuron after an epoch. */
export function buildChainNeuron(fields: Partial<ChainNeuron> = {}): ChainNeuron {
  return {
    netuid: 64,
    epochBlock: 5_000_720,
    uid: 7,
    hotkey: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
    coldkey: '5DAAnrj7VHTznn2AWBemMuyBwZWs6FNFjdyVXUeYum3PTXFy',
    stake: 1_000_000_000n,
    incentive: 6_553,
    dividends: 0,
    consensus: 6_000,
    validatorTrust: 0,
    emission: 41_000_000n,
    hasPermit: false,
    isActive: true,
    lastUpdate: 0,
    registeredAt: 4_000_000,
    observedAt: new Date('2026-02-03T04:05:06.345Z'),
    ...fields,
  }
}
