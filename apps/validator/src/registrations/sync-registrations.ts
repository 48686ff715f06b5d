import { setMaxListeners } from 'node:events'

import {
  type CallOptions,
  defineTask,
  hotkeySchema,
  isTaskTimeoutError,
  type Miner,
  netuidSchema,
  type Repositories,
  runWithinLimit,
  type TaskControl,
} from '@subnetkit/core'
import { z } from 'zod'

import { checkMetagraph } from '../cycles/check-metagraph.ts'
import { ChainError, type ChainOptions, type Metagraph } from '../ports/chain.ts'
import { boundedRun } from '../sampling/bounded-run.ts'
import { readAllMiners } from '../scoring/scored-miners.ts'
import { FailureList, type SyncFailure } from './failure-list.ts'
import {
  planRegistrations,
  type RegistrationChange,
  type RegistrationPlan,
  type RegistrationRefusal,
  type UnknownNeuron,
} from './plan-registrations.ts'
import { type SettleDeparturesParams, settleDepartures, type SettledDeparture } from './settle-departures.ts'

/** A chain that has not answered by then is asked again at the next run. */
const CHAIN_LIMIT_MS = 60_000
const GRACE_MS = 1_000
/** Miners that are placed together. */
const CONCURRENCY = 8

/** What a sync works with. */
export interface SyncRegistrationsDeps extends Pick<SettleDeparturesParams, 'openRecord'> {
  readonly repositories: Pick<Repositories, 'miners'>
  /** The subnet now. It is asked after the registry was read, so that nobody is missed who is in the registry by then. */
  readonly readMetagraph: (options: ChainOptions) => Promise<Metagraph>
}

/** What a sync is told. */
export const syncRegistrationsContextSchema = z.strictObject({
  netuid: netuidSchema,
  /** Whose scores and statistics are put right. */
  validatorHotkey: hotkeySchema,
  /** True: say what would change, and change nothing. */
  isDryRun: z.boolean(),
})
/** See {@link syncRegistrationsContextSchema}. */
export type SyncRegistrationsContext = z.infer<typeof syncRegistrationsContextSchema>

/** What a sync found and did. */
export interface SyncReport {
  readonly netuid: number
  /** The block that the chain answered for; null when it gave no answer that could be read. */
  readonly blockNumber: number | null
  /** Why the registry was not compared with the chain; null when it was. */
  readonly refusal: RegistrationRefusal | null
  /** Those that are stored now, by hotkey; in a dry run those that would be. */
  readonly changes: readonly RegistrationChange[]
  readonly newcomers: readonly UnknownNeuron[]
  readonly unchanged: number
  readonly settled: readonly SettledDeparture[]
  /** Departures that are noted and wait for a run that puts the record right. */
  readonly waiting: number
  readonly failures: readonly SyncFailure[]
}

/**
 * Brings the registry up to the chain, and puts right in the record what hung on uids that hotkeys have left. The registry
 * moves first and notes in the same write what is left: a run that dies anywhere is finished by the next one, which finds
 * the note. Each hotkey and each table is dealt with alone; what fails is told, and waits for the next run. Nothing is
 * deleted: scores and statistics of a registration that has ended become tombstones.
 *
 * @throws StorageError when the registry cannot be read.
 */
export const syncRegistrationsTask = defineTask<SyncRegistrationsDeps, SyncRegistrationsContext, SyncReport>({
  name: 'sync-registrations',
  context: syncRegistrationsContextSchema,
  run: async (deps, context, control) => {
    // Every request that waits listens to it, and there are many at once.
    setMaxListeners(0, control.signal)
    const { miners } = deps.repositories
    const { netuid, validatorHotkey, isDryRun } = context
    const options: CallOptions = { signal: control.signal }
    const failures = new FailureList(control.signal)
    const known = await readAllMiners(miners, options)
    const found = await compare(deps, { netuid, miners: known }, control)
    const registry = new Map(known.map((miner) => [miner.hotkey, miner]))
    const changes = isDryRun
      ? found.plan.changes
      : await placeAll({ miners, plan: found.plan, registry, control }, failures, options)
    const left = [...registry.values()].flatMap(({ hotkey, departures }) =>
      departures.map((departure) => ({ hotkey, departure })),
    )
    const settle = {
      miners,
      openRecord: deps.openRecord,
      validatorHotkey,
      left,
      now: () => control.clock.now(),
    }
    const settled = isDryRun ? [] : await settleDepartures(settle, failures, options)
    return {
      netuid,
      blockNumber: found.blockNumber,
      refusal: found.refusal,
      changes,
      newcomers: found.plan.newcomers,
      unchanged: found.plan.unchanged,
      settled,
      waiting: left.length - settled.length,
      failures: failures.all,
    }
  },
})

/** The registry beside the chain. */
interface Compared extends Pick<SyncReport, 'blockNumber' | 'refusal'> {
  readonly plan: Pick<RegistrationPlan, 'changes' | 'newcomers' | 'unchanged' | 'witness'>
}

/** A chain that does not answer, or answers what cannot be, says nothing; what was noted before is put right all the same. */
async function compare(
  { readMetagraph }: SyncRegistrationsDeps,
  { netuid, miners }: Readonly<{ netuid: number; miners: readonly Miner[] }>,
  control: TaskControl,
): Promise<Compared> {
  const nothing = { changes: [], newcomers: [], unchanged: miners.length, witness: null }
  try {
    const metagraph = checkMetagraph(await askWithinLimit(readMetagraph, control))
    const { blockNumber } = metagraph
    const plan = planRegistrations({ netuid, miners, metagraph })
    if (plan.kind === 'plan') return { blockNumber, refusal: null, plan }
    return { blockNumber, refusal: plan, plan: nothing }
  } catch (error) {
    control.signal.throwIfAborted()
    if (!(error instanceof ChainError)) throw error
    const { code, message: why } = error
    const reason = code === 'bad_answer' ? 'bad_answer' : 'no_answer'
    const wayOut = 'ask again, or another node: SUBTENSOR_URL'
    return { blockNumber: null, refusal: { kind: 'refused', reason, why, wayOut }, plan: nothing }
  }
}

async function askWithinLimit(
  readMetagraph: SyncRegistrationsDeps['readMetagraph'],
  { clock, signal, log }: TaskControl,
): Promise<Metagraph> {
  const limits = {
    name: 'read-metagraph',
    clock,
    signal,
    timeLimitMs: CHAIN_LIMIT_MS,
    graceMs: GRACE_MS,
    onAbandoned: () => log.warn({}, 'the chain does not end its answer; it is left alone'),
  }
  try {
    return await runWithinLimit(limits, async (limited) => await readMetagraph({ signal: limited }))
  } catch (error) {
    if (!isTaskTimeoutError(error)) throw error
    const message = `the chain gave no answer within ${CHAIN_LIMIT_MS / 1_000} s`
    throw new ChainError({ code: 'unreachable', message, cause: error })
  }
}

/** Stores the changes, each alone; gives those that are stored, and brings `registry` up to them. */
async function placeAll(
  params: Readonly<{
    miners: Pick<Repositories['miners'], 'place'>
    plan: Compared['plan']
    registry: Map<string, Miner>
    control: TaskControl
  }>,
  failures: FailureList,
  options: CallOptions,
): Promise<readonly RegistrationChange[]> {
  const { miners, plan, registry, control } = params
  const place = async (
    change: Pick<RegistrationChange, 'hotkey' | 'place' | 'coldkey'>,
  ): Promise<boolean> => {
    const { hotkey } = change
    const stored = await failures.attempt('registry', { hotkey, uid: change.place.uid }, async () => {
      return await miners.place({ ...change, now: control.clock.now() }, options)
    })
    if (stored !== null) registry.set(hotkey, stored)
    return stored?.place?.blockNumber === change.place.blockNumber
  }
  const stored = new Set<RegistrationChange>()
  await boundedRun(plan.changes, CONCURRENCY, async (change) => {
    const { hotkey, place: to, coldkey } = change
    if (await place({ hotkey, place: to, coldkey })) stored.add(change)
  })
  if (plan.witness !== null) await place(plan.witness)
  return plan.changes.filter((change) => stored.has(change))
}
