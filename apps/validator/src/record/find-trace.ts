import {
  type Clock,
  type Logger,
  type MinerWeightTrace,
  type Repositories,
  runWithinLimit,
  type WeightCycle,
} from '@subnetkit/core'

import type { Metagraph } from '../ports/chain.ts'
import type { RecordStore } from '../ports/record-store.ts'
import { cycleTraces } from './cycle-traces.ts'
import { madeAgain } from './made-again.ts'

/** Longer than an engine takes to start; who asks for one trace does not wait for more. */
const RECORD_LIMIT_MS = 8_000

/** Where a trace is looked for. */
export interface FindTraceDeps {
  readonly openRecord: (options: { readonly signal: AbortSignal }) => Promise<RecordStore>
  readonly minerScores: Pick<Repositories['minerScores'], 'findSnapshot' | 'list'>
  readonly clock: Clock
  readonly log: Pick<Logger, 'warn'>
  readonly signal: AbortSignal
}

/** A miner's way from scores to weight in one cycle, and where it was found. */
export interface FoundTrace {
  /** Null when the miner was not scored, or nothing is kept of it any more. */
  readonly trace: MinerWeightTrace | null
  /** `record`: as it was written then. `computed`: made again from the scores, which are kept for some weeks. */
  readonly source: 'record' | 'computed'
}

/** Asks the record, and computes the trace again when it has none or does not answer in time. */
export async function findTrace(
  deps: FindTraceDeps,
  params: Readonly<{ cycle: WeightCycle; hotkey: string; metagraph: Metagraph }>,
): Promise<FoundTrace> {
  const { clock, minerScores, signal } = deps
  const recorded = await askRecord(deps, params)
  if (recorded !== null) return { trace: recorded, source: 'record' }
  const now = clock.now()
  const { cycle, hotkey, metagraph } = params
  const vector = await madeAgain(minerScores, { cycle, metagraph, now }, { signal })
  if (vector !== null) {
    for (const trace of cycleTraces({ ...vector, now })) {
      if (trace.hotkey === hotkey) return { trace, source: 'computed' }
    }
  }
  return { trace: null, source: 'computed' }
}

async function askRecord(
  { openRecord, clock, log, signal }: FindTraceDeps,
  { cycle, hotkey }: Readonly<{ cycle: WeightCycle; hotkey: string }>,
): Promise<MinerWeightTrace | null> {
  const { netuid, validatorHotkey, cycleId } = cycle
  const limits = { name: 'asking the record', clock, timeLimitMs: RECORD_LIMIT_MS, signal, graceMs: 0 }
  try {
    return await runWithinLimit({ ...limits, onAbandoned: () => undefined }, async (ownSignal) => {
      const options = { signal: ownSignal }
      await using record = await openRecord(options)
      const key = { netuid, validatorHotkey, cycleId, hotkey }
      return await record.repositories.minerWeightTraces.find(key, options)
    })
  } catch (error) {
    signal.throwIfAborted()
    log.warn({ err: error }, 'the record did not answer; what it would say is computed again')
    return null
  }
}
