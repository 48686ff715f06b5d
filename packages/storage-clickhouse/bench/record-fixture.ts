import type { ChainNeuron, MinerPerformance, MinerWeightTrace, WeightCycle } from '@subnetkit/core'
import {
  buildChainNeuron,
  buildMinerPerformance,
  buildMinerWeightTrace,
  buildTaskPerformance,
  buildTraceTask,
  buildWeightCycle,
} from '@subnetkit/core/contracts'

const FIRST_BLOCK = 5_000_000
const EPOCH_BLOCKS = 361
const EPOCH_MS = 72 * 60_000
const FIRST_AT = Date.UTC(2090, 0, 1)
const tasks = ['geomagnetic', 'soil_moisture', 'weather']

/** The subnet and the validator of all rows here. */
export const benchScope = { netuid: 64, validatorHotkey: `5${'V'.repeat(47)}` } as const

/** A hotkey of 48 characters, as long as real ones. */
export function benchHotkey(uid: number): string {
  return `5M${scramble(uid).toString(36).padStart(7, '0').repeat(7)}`.slice(0, 48)
}

/** The id of cycle `number`: ids are hashes, so the order of cycles is not theirs. */
export function benchCycleId(number: number): string {
  return scramble(number).toString(16).padStart(8, '0').repeat(4)
}

/** The block of epoch `number`. */
export function benchEpoch(number: number): number {
  return FIRST_BLOCK + number * EPOCH_BLOCKS
}

/** The same spread of 32 bits on every machine. */
function scramble(number: number): number {
  return (number * 2_654_435_761) % 4_294_967_296
}

/** A share with as many digits as real ones; they sum to about 1. */
function share(uid: number, number: number, miners: number): number {
  return (2 * scramble(uid * 1_009 + number)) / 4_294_967_296 / miners
}

const at = (number: number): Date => new Date(FIRST_AT + number * EPOCH_MS)

/** Cycle `number`, effective, with a weight for each miner. */
export function benchCycle(number: number, miners: number): WeightCycle {
  const createdAt = at(number)
  const block = benchEpoch(number)
  return buildWeightCycle({
    ...benchScope,
    cycleId: benchCycleId(number),
    blockNumber: block,
    state: 'effective',
    mechanism: 'plain',
    inclusionBlock: block + 2,
    revealBlock: block + 2,
    effectiveBlock: block + EPOCH_BLOCKS,
    extrinsicHash: `0x${benchCycleId(number).repeat(2)}`,
    weights: Array.from({ length: miners }, (_unused, uid) => ({
      hotkey: benchHotkey(uid),
      weight: share(uid, number, miners),
      uid,
      value: scramble(uid + number) % 65_536,
    })),
    steps: (['prepared', 'submitted', 'included', 'revealed', 'effective'] as const).map((state, index) => ({
      state,
      at: new Date(createdAt.getTime() + index * 12_000),
      blockNumber: index === 0 ? null : block + index,
      detail: null,
    })),
    createdAt,
    updatedAt: createdAt,
  })
}

/** The traces of cycle `number`, three tasks each. */
export function benchTraces(number: number, miners: number): readonly MinerWeightTrace[] {
  return Array.from({ length: miners }, (_unused, uid) =>
    buildMinerWeightTrace({
      ...benchScope,
      cycleId: benchCycleId(number),
      hotkey: benchHotkey(uid),
      uid,
      tasks: tasks.map((task, index) => buildTraceTask({ task, score: share(uid + index, number, 1) / 2 })),
      weight: share(uid, number, miners),
      submittedWeight: share(uid, number, miners),
      submittedValue: scramble(uid + number) % 65_536,
      createdAt: at(number),
    }),
  )
}

/** The neurons of epoch `number`. */
export function benchNeurons(number: number, miners: number): readonly ChainNeuron[] {
  return Array.from({ length: miners }, (_unused, uid) =>
    buildChainNeuron({
      netuid: benchScope.netuid,
      epochBlock: benchEpoch(number),
      uid,
      hotkey: benchHotkey(uid),
      incentive: scramble(uid + number) % 65_536,
      stake: BigInt(scramble(uid)) * 1_000n,
      lastUpdate: benchEpoch(number) - 5,
      observedAt: at(number),
    }),
  )
}

/** A day's statistics of each miner, three tasks each. */
export function benchPerformances(miners: number): readonly MinerPerformance[] {
  return Array.from({ length: miners }, (_unused, uid) =>
    buildMinerPerformance({
      ...benchScope,
      minerUid: uid % 65_536,
      minerHotkey: benchHotkey(uid),
      tasks: tasks.map((taskName, index) =>
        buildTaskPerformance({ taskName, avgScore: share(uid + index, 1, 1) / 2 }),
      ),
    }),
  )
}
