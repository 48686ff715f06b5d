import { InputError } from '@subnetkit/core'

import { fromNano, NANO, ratioNano } from './nano.ts'
import { OutputCount } from './output-count.ts'
import { type OutputLimits, outputLimits } from './output-limits.ts'
import { reportedScoreSchema } from './reported-score.ts'
import { measureScores, type ScoreMeasures } from './score-measures.ts'
import type { TransferIndex } from './transfer-index.ts'

const UNSCORED = -1
const SCORED_TWICE = -2

/** What a submission's scores are held against. */
export interface ScoreJudgement {
  /** The snapshot that the miner saw. */
  readonly transfers: TransferIndex
  /** Addresses that ought to score high. */
  readonly culprits: ReadonlySet<string>
  /** @default outputLimits */
  readonly limits?: OutputLimits
}

/** What became of a run's risk scores. */
export interface ScoreValidation extends ScoreMeasures {
  readonly kind: 'scores'
  /** Every row that was handed in. */
  readonly reported: number
  /** Accounts of the snapshot: each should have one score. */
  readonly expected: number
  /** Accounts with exactly one score. */
  readonly scored: number
  /** Rows that are no score, and those of an account that was scored twice. */
  readonly badData: number
  /** Rows about an address that the snapshot does not have. */
  readonly fabricated: number
  /** Scored of expected, in [0, 1], to 1e-9. */
  readonly coverage: number
}

/**
 * Judges a run's risk scores one by one, as they are read, against every account of the snapshot: four bytes for each
 * account. An account that was left out, or scored twice, is put where it hurts: a culprit below everybody, anybody else
 * above everybody. So silence never pays more than an answer.
 */
export class ScoreJudge {
  readonly #transfers: TransferIndex
  readonly #culprits: ReadonlySet<string>
  readonly #scores: Int32Array
  readonly #count: OutputCount
  #rows = 0
  #malformed = 0
  #fabricated = 0
  #repeats = 0

  /** @throws InputError when the snapshot has no culprit, or nobody else: then no order is right or wrong. */
  constructor({ transfers, culprits, limits }: ScoreJudgement) {
    const known = [...culprits].filter((address) => transfers.accountOf(address) >= 0).length
    if (known === 0 || known === transfers.accounts || known < culprits.size) {
      throw new InputError({
        field: 'truth',
        problem: `names ${culprits.size} culprits, of whom ${known} are among the snapshot's ${transfers.accounts} accounts`,
        hint: 'give a truth that belongs to this snapshot, with culprits and others',
      })
    }
    this.#count = new OutputCount(limits ?? outputLimits)
    this.#transfers = transfers
    this.#culprits = culprits
    this.#scores = new Int32Array(transfers.accounts).fill(UNSCORED)
  }

  /**
   * Judges the next row, which may be anything.
   *
   * @throws InputError when there are more rows than any run may hand in: the whole output is then refused.
   */
  note(row: unknown): void {
    this.#count.add('scores', 1)
    this.#rows += 1
    const parsed = reportedScoreSchema.safeParse(row)
    if (!parsed.success) {
      this.#count.add('misfits', 1)
      this.#malformed += 1
      return
    }
    const account = this.#transfers.accountOf(parsed.data.address)
    if (account < 0) {
      this.#fabricated += 1
      return
    }
    const before = this.#scores[account] ?? UNSCORED
    if (before !== UNSCORED) this.#repeats += before === SCORED_TWICE ? 1 : 2
    this.#scores[account] = before === UNSCORED ? Math.round(parsed.data.risk_score * NANO) : SCORED_TWICE
  }

  /** The result. Nothing may be noted afterwards. */
  finish(): ScoreValidation {
    const { accounts } = this.#transfers
    const culprits = new Int32Array(this.#culprits.size)
    const others = new Int32Array(accounts - culprits.length)
    let scored = 0
    let culprit = 0
    let other = 0
    this.#scores.forEach((score, account) => {
      if (score >= 0) scored += 1
      if (this.#culprits.has(this.#transfers.addressOf(account))) culprits[culprit++] = Math.max(-1, score)
      else others[other++] = score < 0 ? NANO + 1 : score
    })
    return {
      kind: 'scores',
      reported: this.#rows,
      expected: accounts,
      scored,
      badData: this.#malformed + this.#repeats,
      fabricated: this.#fabricated,
      coverage: fromNano(ratioNano(scored, accounts)),
      ...measureScores(culprits, others),
    }
  }
}
