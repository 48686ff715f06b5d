import type { CallOptions, ClaimTasksParams, SamplingTask } from '@subnetkit/core'

import type { Item } from '../codecs/item.ts'
import type { DynamoConnection } from '../connect.ts'
import type { LeaseGrant } from '../leases/lease-changes.ts'
import { backoffDelayMs, pause } from '../requests/backoff.ts'
import { batchGet } from '../requests/batch-get.ts'
import { keyOf } from '../requests/key-text.ts'
import { queryItems } from '../requests/query-items.ts'
import { runInParallel } from '../requests/run-in-parallel.ts'
import { updateItemIf } from '../requests/update-item.ts'
import { leaseIndex, taskQueueTable as table } from '../tables/task-queue-table.ts'
import type { ClaimCandidate } from './claim-candidates.ts'
import type { CandidateBatch, ClaimDesk } from './claim-desk.ts'
import { taskClaim } from './sampling-task-changes.ts'
import { samplingTaskItem, taskOf } from './sampling-task-items.ts'

/** Conditional writes of one claim at a time; the first ones while other processes are in the way. */
const WAVE = 25
const CAREFUL_WAVE = 4
/** Pauses of a claim that got nothing: the more rivals, the longer it stays out of their way. */
const REST = { baseDelayMs: 10, maxDelayMs: 320 } as const
/** More than one claim can hold, with room for one id that asks in several environments. */
const MOST_HELD = 1_000

/** One claim: where it comes together with others, and what it asks for. */
export interface TaskClaim {
  readonly connection: DynamoConnection
  readonly desk: ClaimDesk
  readonly params: ClaimTasksParams
}

/**
 * Takes tasks, or gives what the same claim holds already. A claim that loses tasks to others is content with what it
 * got; one that got nothing looks again. A conditional write that fails may have been stored before its answer was
 * lost: after each wave the tasks that seem lost are read again, in one request, and those under our token are ours.
 */
export async function claimTasks(
  claim: TaskClaim,
  options: CallOptions | undefined,
): Promise<readonly SamplingTask[]> {
  const { desk, params } = claim
  const [held, first] = await Promise.all([findHeld(claim, options), desk.join(params.limit, params.now)])
  if (held.length > 0) return held.toSorted(byOrder)
  const lost = new Set<string>()
  let batch = first
  for (let lap = 1; ; lap += 1) {
    const lostBefore = lost.size
    const taken = await takeFrom(batch, claim, lost, options)
    if (taken.length > 0) return taken.toSorted(byOrder)
    if (batch.failure !== null) throw batch.failure
    if (lost.size === lostBefore) return []
    await pause(backoffDelayMs(lap + 1, params.claimId, REST), options?.signal)
    batch = await desk.join(params.limit, params.now)
  }
}

async function takeFrom(
  batch: CandidateBatch,
  claim: TaskClaim,
  lost: Set<string>,
  options: CallOptions | undefined,
): Promise<readonly SamplingTask[]> {
  const { desk, params } = claim
  const { limit, claimId, now, exceptMiners = new Set<string>() } = params
  const taken: SamplingTask[] = []
  const firstWave = desk.isContended ? CAREFUL_WAVE : WAVE
  while (taken.length < limit) {
    options?.signal?.throwIfAborted()
    const count = Math.min(Math.max(firstWave, taken.length), WAVE, limit - taken.length)
    const place = `${claimId}\n${lost.size}`
    const except = { miners: exceptMiners, lost }
    const wave = await batch.take({ count, place, except, now, hasTaken: taken.length > 0 })
    if (wave.length === 0) break
    let won = 0
    try {
      const items = await takeWave(claim, wave, options)
      won = items.length
      taken.push(...items.map((item) => taskOf(samplingTaskItem.decode(item))))
    } finally {
      desk.settle(wave, wave.length - won)
    }
    if (won === wave.length) continue
    for (const candidate of wave) lost.add(candidate.id)
    break
  }
  return taken
}

async function takeWave(
  claim: TaskClaim,
  wave: readonly ClaimCandidate[],
  options: CallOptions | undefined,
): Promise<readonly Item[]> {
  const { connection, desk, params } = claim
  const { owner, claimId, leaseMs, now } = params
  const grant: LeaseGrant = { owner, token: claimId, expiresAt: new Date(now.getTime() + leaseMs) }
  const outcomes = await runInParallel(wave, WAVE, async ({ key, itemKey }) => {
    const target = { connection, table, key: itemKey }
    const update = { ...target, ...taskClaim(key, grant, now) }
    const item = await desk.inTurn(() => updateItemIf(update, options))
    return { itemKey, item }
  })
  const won = outcomes.flatMap(({ item }) => (item === null ? [] : [item]))
  const lost = outcomes.filter(({ item }) => item === null).map(({ itemKey }) => itemKey)
  return [...won, ...(await readHeld(claim, lost, options))]
}

/** What a repeated claim holds, from the index by token; then the items themselves decide. */
async function findHeld(
  claim: TaskClaim,
  options: CallOptions | undefined,
): Promise<readonly SamplingTask[]> {
  const { connection, params } = claim
  const { claimId, now } = params
  const query = { connection, table, index: leaseIndex, partition: claimId, now }
  const named = await queryItems({ ...query, limit: MOST_HELD }, options)
  const keys = named.items.map((item) => keyOf(table, item))
  const items = await readHeld(claim, keys, options)
  return items.map((item) => taskOf(samplingTaskItem.decode(item)))
}

async function readHeld(
  { connection, params }: TaskClaim,
  keys: readonly Item[],
  options: CallOptions | undefined,
): Promise<readonly Item[]> {
  if (keys.length === 0) return []
  const items = await batchGet({ connection, table, keys, now: params.now }, options)
  return items.filter((item) => item !== null).filter((item) => isHeld(item, params))
}

function isHeld(item: Item, { claimId, environment }: ClaimTasksParams): boolean {
  const isOurs = item['status'] === 'claimed' && item['leaseToken'] === claimId
  return isOurs && item['environment'] === environment
}

function byOrder(left: SamplingTask, right: SamplingTask): number {
  return right.priority - left.priority || left.taskId - right.taskId
}
