import type { SamplingTask } from '@subnetkit/core'

/** Something that waits for a worker. */
export interface BufferedTask {
  readonly task: SamplingTask
}

/** How a buffer is bounded. */
export interface TaskBufferLimits {
  /** Most tasks that wait here. */
  readonly capacity: number
  /** Most tasks of one miner at work at once; read anew each time, since settings change while it runs. */
  readonly perMiner: () => number
  /** Told each time that there is more room than before, for the buffer or for a miner. */
  readonly onRoom?: () => void
}

/**
 * Claimed tasks on their way to the workers of one process: bounded, first in first out, except that a task of a miner
 * that is at its limit lets others pass.
 */
export class TaskBuffer<Item extends BufferedTask> {
  readonly #limits: TaskBufferLimits
  readonly #waiting: Item[] = []
  readonly #atWork = new Map<string, number>()
  readonly #takers: Array<(item: Item | null) => void> = []
  #isClosed = false

  constructor(limits: TaskBufferLimits) {
    this.#limits = limits
  }

  /** How many more tasks may wait. */
  get room(): number {
    return Math.max(0, this.#limits.capacity - this.#waiting.length)
  }

  /** Tasks that wait or are at work. */
  get held(): number {
    let atWork = 0
    for (const count of this.#atWork.values()) atWork += count
    return this.#waiting.length + atWork
  }

  /** Tasks of one miner that wait or are at work. */
  heldOf(minerHotkey: string): number {
    const waiting = this.#waiting.filter(({ task }) => task.minerHotkey === minerHotkey).length
    return waiting + (this.#atWork.get(minerHotkey) ?? 0)
  }

  /** Miners of which no further task should be claimed now. */
  fullMiners(): ReadonlySet<string> {
    const counts = new Map(this.#atWork)
    for (const { task } of this.#waiting)
      counts.set(task.minerHotkey, (counts.get(task.minerHotkey) ?? 0) + 1)
    const limit = this.#limits.perMiner()
    return new Set([...counts].flatMap(([hotkey, count]) => (count >= limit ? [hotkey] : [])))
  }

  /** Takes an item in; returns false, and does not, when its miner is full, the buffer is, or it is closed. */
  add(item: Item): boolean {
    if (this.#isClosed || this.room === 0) return false
    if (this.heldOf(item.task.minerHotkey) >= this.#limits.perMiner()) return false
    this.#waiting.push(item)
    this.#match()
    return true
  }

  /** The next item that may run, as soon as there is one; null once the buffer is closed. Say `done` of it. */
  async take(): Promise<Item | null> {
    return await new Promise((resolve) => {
      this.#takers.push(resolve)
      this.#match()
    })
  }

  /** Its worker is through with it. */
  done(item: Item): void {
    const left = (this.#atWork.get(item.task.minerHotkey) ?? 0) - 1
    if (left > 0) this.#atWork.set(item.task.minerHotkey, left)
    else this.#atWork.delete(item.task.minerHotkey)
    this.#match()
    this.#limits.onRoom?.()
  }

  /** Hands nothing out any more; what still waited is the caller's to give back. */
  close(): readonly Item[] {
    this.#isClosed = true
    this.#match()
    return this.#waiting.splice(0)
  }

  #match(): void {
    if (this.#isClosed) {
      for (const taker of this.#takers.splice(0)) taker(null)
      return
    }
    while (this.#takers.length > 0) {
      const limit = this.#limits.perMiner()
      const index = this.#waiting.findIndex(({ task }) => (this.#atWork.get(task.minerHotkey) ?? 0) < limit)
      const [item] = index === -1 ? [] : this.#waiting.splice(index, 1)
      if (item === undefined) return
      this.#atWork.set(item.task.minerHotkey, (this.#atWork.get(item.task.minerHotkey) ?? 0) + 1)
      this.#takers.shift()?.(item)
      this.#limits.onRoom?.()
    }
  }
}
