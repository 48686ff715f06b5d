import type { CallOptions, MinerDeparture, Repositories } from '@subnetkit/core'

import type { ChainOptions } from '../ports/chain.ts'
import type { RecordStore } from '../ports/record-store.ts'
import { boundedRun } from '../sampling/bounded-run.ts'
import { FailureList } from './failure-list.ts'

/** Departures that are looked after together. */
const CONCURRENCY = 4

/** A uid that a hotkey has left. */
export interface LeftUid {
  readonly hotkey: string
  readonly departure: MinerDeparture
}

/** A departure of which everything is put right. */
export interface SettledDeparture {
  readonly hotkey: string
  readonly uid: number
  /** Scores that became tombstones now; none where an earlier run got so far. */
  readonly withdrawnScores: number
  /** Periods of statistics that were closed now. */
  readonly buriedPeriods: number
}

/** The part of the record that hangs on uids. */
export type SettledRecord = AsyncDisposable & {
  readonly repositories: Pick<RecordStore['repositories'], 'taskScores' | 'minerPerformances'>
}

/** What is to be put right, and where. */
export interface SettleDeparturesParams {
  readonly miners: Pick<Repositories['miners'], 'settle'>
  /** Called only when there is something to be put right. */
  readonly openRecord: (options: ChainOptions) => Promise<SettledRecord>
  readonly validatorHotkey: string
  readonly left: readonly LeftUid[]
  readonly now: () => Date
}

/**
 * Puts the record right after departures: what a hotkey was scored at a uid that it has left becomes a tombstone, and its
 * statistics there are closed; only then the registry forgets the departure. Each table is tried whatever became of the
 * other, and each step may be repeated.
 */
export async function settleDepartures(
  params: SettleDeparturesParams,
  failures: FailureList,
  options: CallOptions & ChainOptions,
): Promise<readonly SettledDeparture[]> {
  const { left, openRecord } = params
  if (left.length === 0) return []
  const opened = await failures.attempt('record', null, async () => await openRecord(options))
  if (opened === null) return []
  await using record = opened
  const settled: SettledDeparture[] = []
  await boundedRun(left, CONCURRENCY, async (each) => {
    const done = await settleOne(params, record, each, failures, options)
    if (done !== null) settled.push(done)
  })
  return settled
}

async function settleOne(
  { miners, validatorHotkey, now }: SettleDeparturesParams,
  { repositories }: SettledRecord,
  { hotkey, departure }: LeftUid,
  failures: FailureList,
  options: CallOptions,
): Promise<SettledDeparture | null> {
  const { netuid, uid, at } = departure
  const scope = { netuid, validatorHotkey }
  const subject = { hotkey, uid }
  const scores = await failures.attempt(
    'task_scores',
    subject,
    async () => await repositories.taskScores.withdraw({ ...scope, uid, hotkey, at }, options),
  )
  const periods = await failures.attempt(
    'miner_performances',
    subject,
    async () =>
      await repositories.minerPerformances.bury(
        { ...scope, minerUid: uid, minerHotkey: hotkey, from: at },
        options,
      ),
  )
  if (scores === null || periods === null) return null
  const forgotten = await failures.attempt(
    'settle',
    subject,
    async () => await miners.settle({ hotkey, departure, now: now() }, options),
  )
  if (forgotten === null) return null
  return { ...subject, withdrawnScores: scores.rows, buriedPeriods: periods.rows }
}
