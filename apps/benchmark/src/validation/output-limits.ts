/** Addresses of one pattern. The largest that is planted has 17; a limit near it leaves a mega-pattern nothing. */
export const MAX_PATTERN_ADDRESSES = 64

/** Transactions that one pattern may name. */
export const MAX_PATTERN_TRANSACTIONS = 1_000

/** What a whole run may hand in. Beyond any of these its output is refused, unread from there on, and the run earns 0. */
export interface OutputLimits {
  /** Rows of patterns. */
  readonly patterns: number
  /** Addresses of all patterns together: it bounds the time of flow tracing. */
  readonly addresses: number
  /** Transactions of all patterns together. */
  readonly transactions: number
  /** Rows of scores; more than the accounts of any dataset. */
  readonly scores: number
  /** Rows that do not fit the schema: saying what is wrong with one costs as much as judging twenty that fit. */
  readonly misfits: number
  /** Bytes of one line: room for a pattern at its limits, not for a bomb. */
  readonly lineBytes: number
  /** Bytes of the whole report. */
  readonly reportBytes: number
}

/** The limits that hold unless a test says otherwise. */
export const outputLimits: OutputLimits = Object.freeze({
  patterns: 1_000_000,
  addresses: 16_000_000,
  transactions: 16_000_000,
  scores: 5_000_000,
  misfits: 10_000,
  lineBytes: 262_144,
  reportBytes: 2_147_483_648,
})
