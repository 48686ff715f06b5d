import type { TransferColumns } from '@subnetkit/core'

import type { DetectedPattern, DetectionResult } from '../detection/detection-result.ts'
import { type ReportType, reportTypeOf } from './report-type.ts'
import { PairHistory } from './pair-history.ts'

/** One row of `patterns.jsonl`, in the benchmark's own spelling. */
export interface PatternReport {
  readonly pattern_id: string
  readonly pattern_type: ReportType
  readonly addresses: readonly string[]
  /** In [0, 1]: that of the surest member. */
  readonly confidence: number
}

const FEWEST_ADDRESSES = 2
const MOST_ADDRESSES = 64

/**
 * The findings that are worth a report, surest first. Of findings that share an address the surest is kept: they are
 * most often two views of one thing, and the benchmark pays each planted pattern once.
 */
export function selectReports(
  result: Pick<DetectionResult, 'patterns'>,
  transfers: TransferColumns,
): PatternReport[] {
  const history = new PairHistory(transfers)
  const taken = new Set<string>()
  return result.patterns
    .flatMap((pattern) => {
      const type = reportTypeOf(pattern, transfers, history)
      return type === null ? [] : [toReport(pattern, type)]
    })
    .filter(({ addresses }) => addresses.length >= FEWEST_ADDRESSES && addresses.length <= MOST_ADDRESSES)
    .sort((a, b) => b.confidence - a.confidence || (a.pattern_id < b.pattern_id ? -1 : 1))
    .filter(({ addresses }) => {
      if (addresses.some((address) => taken.has(address))) return false
      for (const address of addresses) taken.add(address)
      return true
    })
}

function toReport(pattern: DetectedPattern, type: ReportType): PatternReport {
  return {
    pattern_id: pattern.patternId,
    pattern_type: type,
    addresses: [...new Set(pattern.members.map(({ address }) => address))],
    confidence: pattern.members.reduce((surest, { confidence }) => Math.max(surest, confidence), 0),
  }
}
