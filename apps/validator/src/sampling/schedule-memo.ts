import type { SampleScope } from '@subnetkit/core'

import type { EnvironmentSettings } from './environment-settings.ts'

/** What a scope's plan hangs on; any change of settings or model is another plan. */
export type PlanKey = Readonly<{ scope: SampleScope }> &
  Pick<EnvironmentSettings, 'samplingRange' | 'generation' | 'countedFrom'>

interface Blocked {
  readonly taskIds: Set<number>
  readonly untilMs: number
}

/** How long a scope is taken as complete without looking again: samples can be removed by hand. */
const REMEMBERED_MS = 3_600_000

/**
 * What a scheduler need not read again. Samples are never taken back by sampling itself, so a scope that was complete
 * stays so until its settings or its miner's model change, which is another key, or somebody removes samples, which an
 * hour later shows. Nothing here is needed for correctness: a task that is made in vain finds its sample.
 */
export class ScheduleMemo {
  readonly #monotonicMs: () => number
  readonly #completeUntilMs = new Map<string, number>()
  readonly #blocked = new Map<string, Blocked>()
  readonly #models = new Map<string, string>()

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs
  }

  isComplete(key: PlanKey): boolean {
    return (this.#completeUntilMs.get(textOf(key)) ?? 0) > this.#monotonicMs()
  }

  setComplete(key: PlanKey): void {
    this.#completeUntilMs.set(textOf(key), this.#monotonicMs() + REMEMBERED_MS)
  }

  /** Task ids that cannot be made anew for now, since a finished task of that key is still kept. */
  blockedIds(key: PlanKey): ReadonlySet<number> {
    const blocked = this.#blocked.get(textOf(key))
    return blocked !== undefined && blocked.untilMs > this.#monotonicMs() ? blocked.taskIds : new Set()
  }

  block(key: PlanKey, taskIds: readonly number[]): void {
    const merged = new Set([...this.blockedIds(key), ...taskIds])
    this.#blocked.set(textOf(key), { taskIds: merged, untilMs: this.#monotonicMs() + REMEMBERED_MS })
  }

  /** Notes the model that a miner serves; true when another one was noted before. */
  isNewModel(miner: Readonly<{ hotkey: string; modelRevision: string; modelHash: string }>): boolean {
    const model = `${miner.modelRevision}\n${miner.modelHash}`
    const before = this.#models.get(miner.hotkey)
    this.#models.set(miner.hotkey, model)
    return before !== undefined && before !== model
  }

  /** Forgets what a pass did not ask about any more: old models, old ranges, miners that left. */
  keepOnly(keys: Iterable<PlanKey>): void {
    const wanted = new Set([...keys].map(textOf))
    for (const kept of [this.#completeUntilMs, this.#blocked]) {
      for (const key of kept.keys()) if (!wanted.has(key)) kept.delete(key)
    }
  }
}

function textOf(key: PlanKey): string {
  const { scope, samplingRange, generation, countedFrom } = key
  const { minerHotkey, modelRevision, environment } = scope
  return JSON.stringify([minerHotkey, modelRevision, environment, ...samplingRange, generation, countedFrom])
}
