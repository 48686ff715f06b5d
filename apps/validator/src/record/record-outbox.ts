import type { WeightCycle } from '@subnetkit/core'

import type { CycleChange, VectorMade } from '../cycles/run-weight-cycle.ts'
import type { Metagraph } from '../ports/chain.ts'

/** Cycles that wait; each is kept once, as it stands. */
const MOST_CYCLES = 1_000
/** Vectors that wait with all that they were made of; more are made again from the store. */
const MOST_VECTORS = 4
/** Epochs that wait: what the chain said of one is not told again once the next has run. */
const MOST_EPOCHS = 16

/** A vector that was made, and what its traces are made of. */
export interface MadeVector extends VectorMade {
  readonly cycle: WeightCycle
  readonly metagraph: Metagraph
}

/**
 * What waits to be written, each thing once and as it stands now. It never grows beyond a fixed number of things: of more,
 * the oldest is given up and counted.
 */
export class RecordOutbox {
  readonly cycles = new Map<string, WeightCycle>()
  readonly vectors = new Map<string, MadeVector>()
  readonly epochs = new Map<number, Metagraph>()
  /** The subnet as it was last seen. */
  metagraph: Metagraph | null = null
  /** Whether somebody's statistics are older than what is known. */
  areStatisticsDue = false
  #dropped = 0
  #lastEpoch: number | null = null

  /** Things that were given up so far. */
  get dropped(): number {
    return this.#dropped
  }

  /** How much waits. */
  get size(): number {
    return this.cycles.size + this.vectors.size + this.epochs.size + (this.areStatisticsDue ? 1 : 0)
  }

  /** Takes a change; nothing is computed here. True when it brought an epoch that was not seen before. */
  note({ cycle, metagraph, made }: CycleChange): boolean {
    this.metagraph = metagraph
    if (cycle !== null) {
      this.#keep(this.cycles, cycle.cycleId, cycle, MOST_CYCLES)
      if (made !== null) {
        this.#keep(this.vectors, cycle.cycleId, { cycle, metagraph, ...made }, MOST_VECTORS)
        this.areStatisticsDue = true
      }
    }
    const { epochBlock, neurons } = metagraph
    if (epochBlock === this.#lastEpoch || neurons.length === 0) return false
    this.#lastEpoch = epochBlock
    this.#keep(this.epochs, epochBlock, metagraph, MOST_EPOCHS)
    this.areStatisticsDue = true
    return true
  }

  /** Forgets what waits, because nobody wants it. */
  clear(): void {
    this.cycles.clear()
    this.vectors.clear()
    this.epochs.clear()
    this.areStatisticsDue = false
  }

  #keep<K, V>(waiting: Map<K, V>, key: K, value: V, most: number): void {
    waiting.delete(key)
    waiting.set(key, value)
    if (waiting.size <= most) return
    const [oldest] = waiting.keys()
    if (oldest !== undefined) waiting.delete(oldest)
    this.#dropped += 1
  }
}
