import type { CycleScope, Repositories, WeightCycleState, WeightCycleSummary } from '@subnetkit/core'

import { isPublic } from './visibility.ts'

/** Cycles that are read again each time: only the newest of a scope changes, the others may be recorded late. */
const READ_AGAIN = 25
const PAGE = 1_000
/** About a year of cycles; of older ones nothing is known, so that they stay hidden. */
const MOST = 10_000
/** Questions of one page share one answer. */
const SAME_MS = 1_000
/** After this long all are read again, for what was recorded later than the cycles after it. */
const FRESH_MS = 10 * 60_000

/** How the cycles of a scope stand. */
export interface CycleStates {
  /** The newest ones, newest first. */
  readonly newest: readonly WeightCycleSummary[]
  /** Of the newest 10,000, by id. */
  readonly states: ReadonlyMap<string, WeightCycleState>
}

type SummarySource = Pick<Repositories['weightCycles'], 'listSummaries'>

/** Which state each cycle is in, without reading a year of cycles for each question. */
export class CycleIndex {
  readonly #scope: CycleScope
  #known: CycleStates | null = null
  #readAllAt = 0
  #last: Readonly<{ at: number; reading: Promise<CycleStates> }> | null = null

  constructor(scope: CycleScope) {
    this.#scope = scope
  }

  /** As they stand now, or stood within the last second. */
  async read(weightCycles: SummarySource, now: Date): Promise<CycleStates> {
    const at = now.getTime()
    const last = this.#last
    if (last !== null && at >= last.at && at - last.at < SAME_MS) return await last.reading
    // Without the signal of whoever asked first: others wait for the same answer.
    const reading = this.#refresh(weightCycles, at)
    const started = { at, reading }
    this.#last = started
    try {
      return await reading
    } catch (error) {
      if (this.#last === started) this.#last = null
      throw error
    }
  }

  async #refresh(weightCycles: SummarySource, at: number): Promise<CycleStates> {
    const known = at - this.#readAllAt < FRESH_MS ? this.#known : null
    const newest = await this.#load(weightCycles, READ_AGAIN)
    const isWhole = newest.length < READ_AGAIN
    // More new ones than are read again: what lies between is not known.
    const isContinued = known !== null && newest.some(({ cycleId }) => known.states.has(cycleId))
    const rest = isWhole || isContinued ? newest : await this.#load(weightCycles, MOST)
    const found = rest.toReversed().map(({ cycleId, state }) => [cycleId, state] as const)
    const states = new Map(isContinued && !isWhole ? [...known.states, ...found] : found)
    for (const id of [...states.keys()].slice(0, Math.max(0, states.size - MOST))) states.delete(id)
    if (isWhole || !isContinued) this.#readAllAt = at
    this.#known = { newest, states }
    return this.#known
  }

  /** The newest ones, newest first. */
  async #load(weightCycles: SummarySource, most: number): Promise<readonly WeightCycleSummary[]> {
    const found: WeightCycleSummary[] = []
    let cursor: string | null = null
    do {
      const limit = Math.min(PAGE, most - found.length)
      const page: Awaited<ReturnType<SummarySource['listSummaries']>> = await weightCycles.listSummaries({
        ...this.#scope,
        limit,
        cursor,
      })
      for (const summary of page.items) found.push(summary)
      cursor = page.nextCursor
    } while (cursor !== null && found.length < most)
    return found
  }
}

/** Those of the points whose cycle everybody may see; a cycle that is not known is hidden. */
export function publicPoints<Point extends { readonly cycleId: string }>(
  points: readonly Point[],
  states: ReadonlyMap<string, WeightCycleState>,
): readonly Point[] {
  return points.filter(({ cycleId }) => {
    const state = states.get(cycleId)
    return state !== undefined && isPublic({ state })
  })
}
