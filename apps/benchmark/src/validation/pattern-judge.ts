import { InputError } from '@subnetkit/core'
import type { z } from 'zod'

import { FingerprintSet, mixBits, textBits } from './fingerprint-set.ts'
import { type FlowTracing, findUntraced } from './flow-tracing.ts'
import { OutputCount } from './output-count.ts'
import { type OutputLimits, outputLimits } from './output-limits.ts'
import { type PatternMatch, PatternMatcher } from './pattern-matcher.ts'
import { explainVerdict, type Verdict } from './pattern-verdict.ts'
import type { PlantedPattern } from './planted-truth.ts'
import { type ReportedPattern, reportedPatternSchema } from './reported-pattern.ts'
import type { TransferIndex } from './transfer-index.ts'
import { countKind, VerdictLog } from './verdict-log.ts'

/** What a submission's patterns are held against. */
export interface PatternJudgement {
  /** The snapshot that the miner saw. */
  readonly transfers: TransferIndex
  readonly patterns: readonly PlantedPattern[]
  readonly tracing: FlowTracing
  /** @default outputLimits */
  readonly limits?: OutputLimits
}

/** What became of a run's reported patterns. */
export interface PatternValidation {
  readonly kind: 'patterns'
  /** Every row that was handed in, whatever it held. */
  readonly reported: number
  /** Planted patterns. */
  readonly expected: number
  /** Planted patterns with a report of their own. */
  readonly found: number
  /** Rows that are no pattern of this snapshot: malformed, too large, not joined by flow. */
  readonly badData: number
  /** Rows that name an address or a transaction which the snapshot does not have. */
  readonly fabricated: number
  readonly verdicts: Readonly<Record<Verdict, number>>
  /** Accepted reports, by planted pattern; `report` counts from 0 in the order of the rows. */
  readonly matches: readonly (PatternMatch & { readonly patternId: string })[]
  /** Ids of planted patterns that no report was accepted for. */
  readonly missed: readonly string[]
  /** The verdict on a row, for a person; rows count from 0. */
  readonly explain: (report: number) => { readonly verdict: Verdict; readonly text: string }
  /** Id of the planted pattern that a row's verdict is about; empty for none. */
  readonly plantedOf: (report: number) => string
}

/** Verdicts whose detail is the number of a planted pattern. */
const aboutPlanted: ReadonlySet<Verdict> = new Set(['found', 'already_found', 'wrong_type'])

/**
 * Judges a run's reported patterns one by one, as they are read: 20 to 40 bytes are kept of each. The result depends on
 * which rows there are, not on their order, but for the choice between equal ones.
 */
export class PatternJudge {
  readonly #judgement: PatternJudgement
  readonly #matcher: PatternMatcher
  readonly #log = new VerdictLog()
  readonly #seen = new FingerprintSet()
  readonly #count: OutputCount

  /** @throws InputError when nothing is planted, or the truth names an address that the snapshot does not have. */
  constructor(judgement: PatternJudgement) {
    if (judgement.patterns.length === 0) throw nothingPlanted()
    this.#judgement = judgement
    this.#count = new OutputCount(judgement.limits ?? outputLimits)
    this.#matcher = new PatternMatcher(judgement.transfers, judgement.patterns)
  }

  /**
   * Judges the next row, which may be anything.
   *
   * @throws InputError when the run reports more than any run may: the whole report is then refused.
   */
  note(row: unknown): void {
    this.#count.add('patterns', 1)
    const parsed = reportedPatternSchema.safeParse(row)
    if (parsed.success) {
      this.#judge(parsed.data)
    } else {
      this.#count.add('misfits', 1)
      this.#log.push(verdictOfIssue(parsed.error.issues[0]), 0)
    }
  }

  /** The result. Nothing may be noted afterwards. */
  finish(): PatternValidation {
    const { patterns } = this.#judgement
    const matches = this.#matcher.match().map((match) => {
      this.#log.set(match.report, 'found', match.truth)
      return { ...match, patternId: patterns[match.truth]?.id ?? '' }
    })
    const found = new Set(matches.map(({ truth }) => truth))
    const counts = this.#log.counts()
    const log = this.#log
    return {
      kind: 'patterns',
      reported: log.length,
      expected: patterns.length,
      found: matches.length,
      badData: countKind(counts, 'badData'),
      fabricated: countKind(counts, 'fabricated'),
      verdicts: counts,
      matches,
      missed: patterns.filter((_, truth) => !found.has(truth)).map(({ id }) => id),
      explain: (report) => {
        const verdict = log.verdictAt(report)
        const detail = log.detailAt(report)
        return { verdict, text: explainVerdict(verdict, detail, patterns[detail]?.id ?? '') }
      },
      plantedOf: (report) =>
        aboutPlanted.has(log.verdictAt(report)) ? (patterns[log.detailAt(report)]?.id ?? '') : '',
    }
  }

  #judge(pattern: ReportedPattern): void {
    this.#count.add('addresses', pattern.addresses.length)
    this.#count.add('transactions', pattern.transactions?.length ?? 0)
    const { transfers, tracing } = this.#judgement
    const accounts: number[] = []
    for (const address of pattern.addresses) {
      const account = transfers.accountOf(address)
      if (account < 0) return this.#log.push('unknown_address', accounts.length + 1)
      accounts.push(account)
    }
    const invented = pattern.transactions?.findIndex((txId) => !transfers.hasTransaction(txId)) ?? -1
    if (invented >= 0) return this.#log.push('unknown_transaction', invented + 1)
    const repeated = accounts.findIndex((account, at) => accounts.indexOf(account) < at)
    if (repeated >= 0) return this.#log.push('repeated_address', repeated + 1)
    const untraced = findUntraced(transfers, accounts, tracing)
    if (untraced >= 0) return this.#log.push('untraced', untraced + 1)
    if (!this.#isNew(pattern.pattern_type, accounts)) return this.#log.push('duplicate', 0)
    const cover = this.#matcher.propose(this.#log.length, pattern.pattern_type, accounts)
    if (cover.kind === 'candidate') this.#log.push('already_found', cover.truth)
    else this.#log.push(cover.kind, Math.max(0, cover.truth))
  }

  /** Notes type and accounts, whatever their order; says whether they are here for the first time. */
  #isNew(patternType: string, accounts: readonly number[]): boolean {
    let high = textBits(patternType, 1)
    let low = textBits(patternType, 2)
    for (const account of accounts) {
      high = (high + mixBits(account + 0x51ed270b)) | 0
      low = (low + mixBits(account ^ 0x2545f491)) | 0
    }
    return this.#seen.add(mixBits(high), mixBits(low))
  }
}

function verdictOfIssue(issue: z.core.$ZodIssue | undefined): Verdict {
  const [column, ...rest] = issue?.path ?? []
  if (column === 'pattern_type' && issue?.code === 'invalid_value') return 'unknown_type'
  if (column !== 'addresses' || rest.length > 0) return 'malformed'
  if (issue?.code === 'too_small') return 'too_few_addresses'
  return issue?.code === 'too_big' ? 'too_many_addresses' : 'malformed'
}

function nothingPlanted(): InputError {
  return new InputError({
    field: 'planted patterns',
    problem: 'are none, so that nothing can be found',
    hint: 'give a dataset with a truth',
  })
}
