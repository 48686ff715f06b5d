import {
  type CallOptions,
  defineTask,
  hotkeySchema,
  InputError,
  type Logger,
  type MinerScore,
  netuidSchema,
  type Repositories,
  type ScoreSnapshot,
  StorageError,
  type TaskControl,
  type WeightCycle,
} from '@subnetkit/core'
import { z } from 'zod'

import type { Chain, Hyperparameters, Metagraph } from '../ports/chain.ts'
import { readConfigured } from '../scoring/read-configured.ts'
import { snapshotScores } from '../scoring/snapshot-scores.ts'
import { checkMetagraph } from './check-metagraph.ts'
import { markFailed, markIncluded, markRevealed, markSubmitted } from './cycle-steps.ts'
import { decideSubmission, type SubmissionDecision } from './decide-submission.ts'
import { observeCycle, sentVector } from './observe-cycle.ts'
import { prepareCycle } from './prepare-cycle.ts'
import { type HeldBack, resolveVector } from './resolve-vector.ts'
import { parseSubmissionSettings, type SubmissionSettings } from './submission-settings.ts'

/** How long one pass may hold the lock without renewing it: longer than any submission takes. */
const LOCK_MS = 10 * 60_000

/** Refusals of a reveal after which the chain itself tells what became of the commit. */
const UNDECIDED_REVEALS: ReadonlySet<string> = new Set([
  'RevealTooEarly',
  'NoWeightsCommitFound',
  'ExpiredWeightCommit',
  'CommitNotFound',
  'CommitBlockNotInRevealRange',
  'InvalidTransaction',
])

/** What a pass works with. */
export interface RunWeightCycleDeps {
  readonly repositories: Pick<Repositories, 'systemConfig' | 'minerScores' | 'weightCycles' | 'locks'>
  readonly chain: Chain
  /** A new unique id each time. */
  readonly newId: () => string
  /** Names this process. */
  readonly worker: string
  /**
   * Told of each cycle as it was stored, and of the subnet at each look; returns at once, and what it throws is logged
   * and changes nothing.
   */
  readonly onCycle?: (change: CycleChange) => void
}

/** What a pass saw or did, for whoever keeps a record of it. */
export interface CycleChange {
  /** As stored in this moment; null when only the subnet was looked at. */
  readonly cycle: WeightCycle | null
  readonly metagraph: Metagraph
  /** How the cycle's vector was made; null when it was not made in this pass. */
  readonly made: VectorMade | null
}

/** What a vector was made of. */
export interface VectorMade {
  readonly snapshot: ScoreSnapshot
  /** Of the snapshot, all of them. */
  readonly scores: readonly MinerScore[]
  readonly heldBack: ReadonlyMap<string, HeldBack>
}

/** What a pass is told. */
export const runWeightCycleContextSchema = z.strictObject({
  netuid: netuidSchema,
  validatorHotkey: hotkeySchema,
  /** False: only look what became of the cycle that is on its way. */
  maySubmit: z.boolean(),
})
/** See {@link runWeightCycleContextSchema}. */
export type RunWeightCycleContext = z.infer<typeof runWeightCycleContextSchema>

/** What a pass found and did. */
export interface WeightCyclePass {
  /** The newest cycle as it stands now; null when there is none yet. */
  readonly cycle: WeightCycle | null
  readonly decision: SubmissionDecision
  readonly blockNumber: number
  /** Block from which the next epoch runs; null when none will. */
  readonly nextEpochBlock: number | null
}

/**
 * One pass over the weights of a validator, under its lock: look at what is on its way, and submit when there is
 * something to submit and the chain will take it. Every state is stored before the next step is taken, so that a crash
 * at any point is found out by the next pass: weights are never sent twice for one that landed.
 *
 * @throws InputError when another process holds the lock or there are no scores; ChainError when the chain does not
 *   answer; StorageError.
 */
export const runWeightCycleTask = defineTask<RunWeightCycleDeps, RunWeightCycleContext, WeightCyclePass>({
  name: 'run-weight-cycle',
  context: runWeightCycleContextSchema,
  run: async (deps, context, control) => {
    const { locks } = deps.repositories
    const options: CallOptions = { signal: control.signal }
    const lock = { name: `weights/${context.netuid}/${context.validatorHotkey}`, token: deps.newId() }
    const now = (): Date => control.clock.now()
    const held = await locks.acquire({ ...lock, owner: deps.worker, leaseMs: LOCK_MS, now: now() }, options)
    if (held === null) {
      const holder = await locks.find({ name: lock.name, now: now() }, options)
      throw new InputError({
        field: 'validator',
        value: context.validatorHotkey,
        problem: `has its weights looked after by ${holder?.owner ?? 'another process'} right now`,
        hint: 'wait until it is done; after a crash its lock runs out by itself within ten minutes',
      })
    }
    try {
      return await new Pass(deps, context, control).run()
    } finally {
      await locks.release(lock).catch((error: unknown) => {
        control.log.warn({ err: error }, 'the lock could not be given back; it runs out by itself')
      })
    }
  },
})

class Pass {
  readonly #deps: RunWeightCycleDeps
  readonly #context: RunWeightCycleContext
  readonly #now: () => Date
  readonly #log: Logger
  readonly #options: CallOptions

  constructor(deps: RunWeightCycleDeps, context: RunWeightCycleContext, control: TaskControl) {
    this.#deps = deps
    this.#context = context
    this.#now = () => control.clock.now()
    this.#log = control.log
    this.#options = { signal: control.signal }
  }

  async run(): Promise<WeightCyclePass> {
    const { repositories, chain } = this.#deps
    const { netuid, validatorHotkey } = this.#context
    const configured = await readConfigured(repositories.systemConfig, this.#options)
    const settings = parseSubmissionSettings(configured)
    const found = await repositories.weightCycles.findLatest({ netuid, validatorHotkey }, this.#options)
    // In this order: an epoch that is seen here is never older than the weights that it is said to have run on.
    const held = await chain.heldWeights({ netuid, hotkey: validatorHotkey }, this.#options)
    const metagraph = checkMetagraph(await chain.metagraph({ netuid }, this.#options))
    const hyperparameters = await chain.hyperparameters({ netuid }, this.#options)
    const landWithin = Math.max(settings.landWithin, chain.landsWithin ?? 0)
    const seen =
      found === null ? null : observeCycle(found, { held, metagraph, now: this.#now(), landWithin })
    if (seen !== null && seen !== found) await this.#store(seen, metagraph)
    else this.#tell({ cycle: null, metagraph, made: null })
    const latest = seen === null ? null : await this.#reveal(seen, metagraph, hyperparameters)
    const pass = { blockNumber: held.blockNumber, nextEpochBlock: metagraph.nextEpochBlock }
    const snapshot = await repositories.minerScores.findLatestSnapshot({ now: this.#now() }, this.#options)
    if (snapshot === null || snapshot.validatorHotkey !== validatorHotkey) {
      return { ...pass, cycle: latest, decision: noScores(snapshot, validatorHotkey) }
    }
    const decision = decideSubmission({ latest, snapshot, held, hyperparameters, settings })
    if (decision.kind !== 'submit' || !this.#context.maySubmit) return { ...pass, cycle: latest, decision }
    if (latest?.state === 'prepared' && decision.retry === null) await this.#dropPrepared(latest, metagraph)
    const cycle = await this.#submit({ decision, snapshot, metagraph, hyperparameters, settings })
    return { ...pass, cycle, decision }
  }

  async #submit(params: {
    readonly decision: Extract<SubmissionDecision, { kind: 'submit' }>
    readonly snapshot: ScoreSnapshot
    readonly metagraph: Metagraph
    readonly hyperparameters: Hyperparameters
    readonly settings: SubmissionSettings
  }): Promise<WeightCycle> {
    const { decision, snapshot, metagraph, hyperparameters, settings } = params
    const { chain } = this.#deps
    const { netuid, validatorHotkey } = this.#context
    const { blockNumber } = metagraph
    const scores = await this.#scoresOf(snapshot)
    const fresh = prepareCycle({ ...this.#context, blockNumber, snapshot, scores, now: this.#now() })
    const prepared = decision.retry ?? fresh
    const resolved = resolveVector({
      shares: fresh.weights,
      burn: snapshot.burn,
      validatorHotkey,
      metagraph,
      hyperparameters,
      settings,
    })
    if (decision.retry === null) await this.#store(prepared, metagraph)
    const { mechanism } = decision
    const versionKey = BigInt(settings.versionKey)
    const at = { now: this.#now(), blockNumber }
    const submitted = markSubmitted(prepared, { ...at, weights: resolved.weights, mechanism, versionKey })
    await this.#store(submitted, metagraph, { snapshot, scores, heldBack: resolved.heldBack })
    const { vector } = resolved
    const nonce = nonceOf(submitted)
    const sent = { netuid, vector, versionKey, mechanism, nonce, fromBlock: blockNumber }
    const outcome = await chain.submitWeights(sent, this.#options)
    const now = this.#now()
    switch (outcome.kind) {
      case 'included': {
        const { extrinsicHash } = outcome
        const included = markIncluded(submitted, { now, blockNumber: outcome.blockNumber, extrinsicHash })
        return await this.#store(included, metagraph)
      }
      case 'rejected': {
        const detail = `${outcome.error}: ${outcome.message}`
        const rejected = markFailed(submitted, outcome.error, {
          now,
          blockNumber: outcome.blockNumber,
          detail,
        })
        return await this.#store(rejected, metagraph)
      }
      case 'unknown':
        // It stays `submitted`: the next pass finds out whether it landed.
        return submitted
    }
  }

  /** Weights that were prepared and never sent, and whose scores are not the newest any more. */
  async #dropPrepared(cycle: WeightCycle, metagraph: Metagraph): Promise<void> {
    const { blockNumber } = metagraph
    const detail = 'newer scores came before these were sent'
    const dropped = markFailed(cycle, 'superseded', { now: this.#now(), blockNumber, detail })
    await this.#store(dropped, metagraph)
  }

  /** Opens a hash commit once its epoch has come; the next pass sees what became of it. */
  async #reveal(
    cycle: WeightCycle,
    metagraph: Metagraph,
    { tempo, revealPeriodEpochs }: Hyperparameters,
  ): Promise<WeightCycle> {
    const { chain } = this.#deps
    if (cycle.state !== 'included' || cycle.mechanism !== 'hash_commit') return cycle
    const dueFrom = (cycle.inclusionBlock ?? 0) + (revealPeriodEpochs - 1) * tempo
    if (metagraph.epochBlock <= dueFrom) return cycle
    const { netuid, versionKey } = cycle
    const opening = { netuid, versionKey, vector: sentVector(cycle), nonce: nonceOf(cycle) }
    const outcome = await chain.revealWeights(opening, this.#options)
    const now = this.#now()
    if (outcome.kind === 'included') {
      return await this.#store(markRevealed(cycle, { now, blockNumber: outcome.blockNumber }), metagraph)
    }
    // What is there no more may have been opened by the reveal of an earlier look: the next one sees it.
    if (outcome.kind === 'unknown' || UNDECIDED_REVEALS.has(outcome.error)) return cycle
    const detail = `${outcome.error}: ${outcome.message}`
    return await this.#store(
      markFailed(cycle, outcome.error, { now, blockNumber: outcome.blockNumber, detail }),
      metagraph,
    )
  }

  async #store(
    cycle: WeightCycle,
    metagraph: Metagraph,
    made: VectorMade | null = null,
  ): Promise<WeightCycle> {
    await this.#deps.repositories.weightCycles.put({ cycle }, this.#options)
    this.#tell({ cycle, metagraph, made })
    return cycle
  }

  #tell(change: CycleChange): void {
    try {
      this.#deps.onCycle?.(change)
    } catch (error) {
      this.#log.warn({ err: error }, 'the record was not told of a cycle; weights are not affected')
    }
  }

  async #scoresOf(snapshot: ScoreSnapshot): Promise<readonly MinerScore[]> {
    const { minerScores } = this.#deps.repositories
    const scores: MinerScore[] = []
    const published = snapshotScores(minerScores, { snapshot, now: this.#now() }, this.#options)
    for await (const score of published) scores.push(score)
    if (scores.length === snapshot.minerCount) return scores
    throw new StorageError({
      code: 'corrupt_row',
      message: `snapshot ${snapshot.snapshotId} has ${scores.length} of its ${snapshot.minerCount} scores`,
    })
  }
}

/** Names one submission: a hash commit and its reveal share it. */
function nonceOf({ cycleId, attempts }: WeightCycle): string {
  return `${cycleId}/${attempts}`
}

function noScores(snapshot: ScoreSnapshot | null, validatorHotkey: string): SubmissionDecision {
  return {
    kind: 'refuse',
    reason: 'no_scores',
    why:
      snapshot === null
        ? 'there are no scores'
        : `the newest scores are of validator ${snapshot.validatorHotkey}, not of ${validatorHotkey}`,
    wayOut: 'make them: validator scores compute',
  }
}
