import { GrowingIntegers } from './growing-integers.ts'
import { type Verdict, type VerdictKind, verdictKinds, verdicts } from './pattern-verdict.ts'

const DETAIL_RANGE = 1 << 24
const codes = new Map(verdicts.map((verdict, code) => [verdict, code]))

/** The verdicts of a run's reports in their order, four bytes each: a code and a detail below 2^24. */
export class VerdictLog {
  readonly #entries = new GrowingIntegers()

  get length(): number {
    return this.#entries.length
  }

  /** Notes the next report's verdict; the detail is a position or the index of a planted pattern. */
  push(verdict: Verdict, detail: number): void {
    this.#entries.push((codes.get(verdict) ?? 0) * DETAIL_RANGE + detail)
  }

  /** Replaces the verdict of a report. */
  set(report: number, verdict: Verdict, detail: number): void {
    this.#entries.set(report, (codes.get(verdict) ?? 0) * DETAIL_RANGE + detail)
  }

  verdictAt(report: number): Verdict {
    return verdicts[Math.floor(this.#entries.at(report) / DETAIL_RANGE)] ?? 'malformed'
  }

  detailAt(report: number): number {
    return this.#entries.at(report) % DETAIL_RANGE
  }

  /** How often each verdict was given. */
  counts(): Record<Verdict, number> {
    const tally = verdicts.map(() => 0)
    for (let report = 0; report < this.#entries.length; report++) {
      const code = Math.floor(this.#entries.at(report) / DETAIL_RANGE)
      tally[code] = (tally[code] ?? 0) + 1
    }
    const countOf = (verdict: Verdict): number => tally[codes.get(verdict) ?? -1] ?? 0
    return {
      found: countOf('found'),
      already_found: countOf('already_found'),
      wrong_type: countOf('wrong_type'),
      not_planted: countOf('not_planted'),
      duplicate: countOf('duplicate'),
      malformed: countOf('malformed'),
      unknown_type: countOf('unknown_type'),
      too_few_addresses: countOf('too_few_addresses'),
      too_many_addresses: countOf('too_many_addresses'),
      repeated_address: countOf('repeated_address'),
      untraced: countOf('untraced'),
      unknown_address: countOf('unknown_address'),
      unknown_transaction: countOf('unknown_transaction'),
    }
  }
}

/** How many verdicts of one kind there are. */
export function countKind(counts: Readonly<Record<Verdict, number>>, kind: VerdictKind): number {
  return verdicts.reduce((sum, verdict) => sum + (verdictKinds[verdict] === kind ? counts[verdict] : 0), 0)
}
