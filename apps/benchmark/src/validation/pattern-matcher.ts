import { InputError } from '@subnetkit/core'

import type { PlantedPattern } from './planted-truth.ts'
import type { TransferIndex } from './transfer-index.ts'

/** A report that could be a planted pattern: same type, and more than half of all addresses of the two are shared. */
interface Candidate {
  readonly report: number
  readonly truth: number
  readonly shared: number
  readonly union: number
  /** Sorted, so that ties do not depend on the order of reports. */
  readonly addresses: readonly string[]
}

/** What a report covers more than half of: a pattern of its type, one of another type, or none. −1 without a pattern. */
export interface Cover {
  readonly kind: 'candidate' | 'wrong_type' | 'not_planted'
  readonly truth: number
}

/** A planted pattern with the report that is accepted for it; `shared` of `union` addresses are the same. */
export interface PatternMatch {
  readonly report: number
  readonly truth: number
  readonly shared: number
  readonly union: number
}

interface Planted {
  readonly patternType: string
  readonly size: number
  readonly candidates: Candidate[]
  /** Candidates worth keeping: one, and one more for each pattern that could take a better one away. */
  readonly places: number
}

/**
 * Pairs reports with planted patterns, each with at most one: the closest pair first. Looks at the planted patterns of a
 * report's own addresses only, and keeps for each no more candidates than can matter, so that a million reports of one
 * pattern take no more memory than a few.
 */
export class PatternMatcher {
  readonly #transfers: TransferIndex
  readonly #planted: readonly Planted[]
  readonly #truthsOf: ReadonlyMap<number, readonly number[]>

  constructor(transfers: TransferIndex, patterns: readonly PlantedPattern[]) {
    const truthsOf = new Map<number, number[]>()
    patterns.forEach(({ id, addresses }, truth) => {
      for (const address of addresses) {
        const account = transfers.accountOf(address)
        if (account < 0) throw strangerInTruth(id, address)
        truthsOf.set(account, [...(truthsOf.get(account) ?? []), truth])
      }
    })
    this.#transfers = transfers
    this.#truthsOf = truthsOf
    this.#planted = patterns.map(({ patternType, addresses }) => {
      const neighbours = addresses.flatMap((address) => truthsOf.get(transfers.accountOf(address)) ?? [])
      return { patternType, size: addresses.length, candidates: [], places: new Set(neighbours).size }
    })
  }

  /** Notes a report of distinct accounts. No two of the same type may have the same accounts. */
  propose(report: number, patternType: string, accounts: readonly number[]): Cover {
    const sharedWith = new Map<number, number>()
    for (const account of accounts) {
      for (const truth of this.#truthsOf.get(account) ?? []) {
        sharedWith.set(truth, (sharedWith.get(truth) ?? 0) + 1)
      }
    }
    let cover: Cover = { kind: 'not_planted', truth: -1 }
    for (const [truth, shared] of sharedWith) {
      const planted = this.#planted[truth]
      if (planted === undefined) continue
      const union = accounts.length + planted.size - shared
      if (2 * shared <= union) continue
      if (planted.patternType === patternType) {
        const addresses = accounts.map((account) => this.#transfers.addressOf(account)).sort()
        keepBest(planted, { report, truth, shared, union, addresses })
        cover = { kind: 'candidate', truth }
      } else if (cover.kind === 'not_planted') cover = { kind: 'wrong_type', truth }
    }
    return cover
  }

  /** The accepted pairs, in the order of planted patterns. */
  match(): readonly PatternMatch[] {
    const candidates = this.#planted.flatMap((planted) => planted.candidates).sort(closestFirst)
    const takenReports = new Set<number>()
    const matches = new Map<number, PatternMatch>()
    for (const { report, truth, shared, union } of candidates) {
      if (takenReports.has(report) || matches.has(truth)) continue
      takenReports.add(report)
      matches.set(truth, { report, truth, shared, union })
    }
    return [...matches.values()].sort((a, b) => a.truth - b.truth)
  }
}

function keepBest({ candidates, places }: Planted, candidate: Candidate): void {
  if (candidates.length < places) {
    candidates.push(candidate)
    return
  }
  candidates.sort(closestFirst)
  const worst = candidates.at(-1)
  if (worst !== undefined && closestFirst(candidate, worst) < 0) candidates[candidates.length - 1] = candidate
}

/** By share of the same addresses, exactly; then by the addresses themselves, then by planted pattern: a total order. */
function closestFirst(a: Candidate, b: Candidate): number {
  return (
    b.shared * a.union - a.shared * b.union || compareTexts(a.addresses, b.addresses) || a.truth - b.truth
  )
}

function compareTexts(a: readonly string[], b: readonly string[]): number {
  for (let at = 0; at < a.length && at < b.length; at++) {
    const one = a[at] ?? ''
    const other = b[at] ?? ''
    if (one !== other) return one < other ? -1 : 1
  }
  return a.length - b.length
}

function strangerInTruth(id: string, address: string): InputError {
  return new InputError({
    field: `planted pattern ${id}`,
    value: address,
    problem: 'takes part in no transfer of the snapshot',
    hint: 'give the truth that belongs to this snapshot',
  })
}
