import type { Clock, Logger } from '@subnetkit/core'
import { acquireFolderLock } from '@subnetkit/core/local-service'

import { ChainError } from '../../ports/chain.ts'
import { advanceChain } from './advance-chain.ts'
import { readChainFile, saveChainFile, type SaveStep } from './chain-file.ts'
import type { Transition } from './chain-refusal.ts'
import { blockAt } from './chain-time.ts'
import { checkScore } from './check-score.ts'
import type { LocalChainState } from './local-chain-state.ts'

const LOCK = 'local-chain'
/** Every holder needs milliseconds; after this something is wrong. */
const LOCK_WAIT_MS = 15_000
/** A chain that is behind by more is told to the operator: it was not looked at for long. */
const MANY_BLOCKS = 5_000

/** A chain in a folder, and what it needs of the world. */
export interface SharedChainParams {
  readonly folder: string
  readonly clock: Clock
  readonly log: Logger
  /** The chain to begin with where the folder has none; null refuses such a folder. */
  readonly createSubnet: ((now: Date) => LocalChainState) | null
  /** For tests that end the process between two steps of a save. */
  readonly onSaveStep?: (step: SaveStep) => void
}

/**
 * The state that several processes share. Each use takes the folder's lock, reads what stands there, lets the blocks pass
 * that the clock says, and saves when anything but the block has changed.
 */
export class SharedChain {
  readonly #params: SharedChainParams

  constructor(params: SharedChainParams) {
    this.#params = params
  }

  /** The state at the clock's block. */
  async read(signal?: AbortSignal): Promise<LocalChainState> {
    return await this.#locked(signal, async (state, isSaved) => {
      if (!isSaved) await this.#save(state)
      return state
    })
  }

  /**
   * Puts a transaction into the next block, which it seals at once, ahead of the clock: what was read of earlier blocks
   * stays true. A refused one changes nothing else. The state returned is that of its block.
   */
  async transact(
    signal: AbortSignal | undefined,
    transact: (state: LocalChainState) => Transition,
  ): Promise<{ readonly outcome: Transition; readonly state: LocalChainState }> {
    return await this.#locked(signal, async (before) => {
      const sealed = advanceChain(before, before.block + 1)
      const counted = { ...sealed, extrinsics: sealed.extrinsics + 1 }
      const outcome = transact(counted)
      const state = outcome.kind === 'applied' ? outcome.state : counted
      await this.#save(state)
      return { outcome, state }
    })
  }

  /** Scores that the other validators weigh by; who is no neuron has none. @throws InputError out of [0, 1] */
  async replaceScores(signal: AbortSignal | undefined, scores: ReadonlyMap<string, number>): Promise<void> {
    for (const [hotkey, score] of scores) checkScore(hotkey, score)
    await this.#locked(signal, async (state) => {
      const known = state.neurons.flatMap(({ hotkey }) => {
        const score = scores.get(hotkey) ?? state.scores[hotkey]
        return score === undefined ? [] : [[hotkey, score] as const]
      })
      await this.#save({ ...state, scores: Object.fromEntries(known) })
    })
  }

  async #locked<Result>(
    signal: AbortSignal | undefined,
    use: (state: LocalChainState, isSaved: boolean) => Promise<Result>,
  ): Promise<Result> {
    const { folder } = this.#params
    await using _lock = await acquireFolderLock({ folder, name: LOCK, waitMs: LOCK_WAIT_MS, signal })
    const saved = await readChainFile(folder)
    const begun = saved ?? this.#begin()
    const state = this.#catchUp(begun)
    return await use(state, saved !== null && state.epoch === saved.epoch)
  }

  #begin(): LocalChainState {
    const { createSubnet, clock, folder } = this.#params
    if (createSubnet !== null) return createSubnet(clock.now())
    throw new ChainError({
      code: 'unreachable',
      message: `${folder}: has no local chain; run npm start, or give a folder that has one (--data-dir)`,
    })
  }

  #catchUp(state: LocalChainState): LocalChainState {
    const block = blockAt(state, this.#params.clock.now())
    const blocks = block - state.block
    if (blocks > MANY_BLOCKS) {
      const { tempo } = state.parameters
      const epochs = tempo === 0 ? 0 : Math.floor((block - state.lastEpochBlock) / tempo)
      this.#params.log.info({ blocks, epochs }, 'the local chain catches up with the blocks that passed')
    }
    return advanceChain(state, block)
  }

  async #save(state: LocalChainState): Promise<void> {
    await saveChainFile(this.#params.folder, state, this.#params.onSaveStep)
  }
}
