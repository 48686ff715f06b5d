import type { BenchmarkRun } from '@subnetkit/core'

import { nameRun } from '../scoring/run-result.ts'

/** Days with bad data that a participant survives, and one more. */
const STRIKES_OUT = 3

/** That a participant's part is over, since when and why. */
export interface Disqualification {
  /** Number of the day, from 1. */
  readonly day: number
  readonly reason: string
}

/** What a participant's runs say about its conduct. */
export interface JudgedDays {
  /** Days that count as 0, each a strike: a run reported rows that are nothing of its snapshot. */
  readonly struckDays: readonly string[]
  readonly disqualification: Disqualification | null
}

/**
 * Judges a participant's days in order. One made-up address or transaction ends its part on that day; a day with bad data
 * counts as 0 and is a strike, and the third strike ends its part too. Bad data is whatever the submission itself could
 * have seen to be wrong; a pattern that is merely not planted is no bad data. Crashes and time limits cost their run only.
 */
export function judgeDays(
  days: readonly string[],
  runs: readonly Pick<BenchmarkRun, 'testDate' | 'network' | 'windowDays' | 'outcome'>[],
): JudgedDays {
  const struckDays: string[] = []
  for (const [at, date] of days.entries()) {
    const ofDay = runs.filter(({ testDate }) => testDate === date)
    const fabricated = ofDay.find(({ outcome }) => (outcome?.fabricated ?? 0) > 0)
    const bad = ofDay.find(({ outcome }) => (outcome?.badData ?? 0) > 0)
    if (bad !== undefined || fabricated !== undefined) struckDays.push(date)
    if (fabricated !== undefined) {
      const rows = fabricated.outcome?.fabricated ?? 0
      const reason = `made up: ${rows} reported rows of ${nameRun(fabricated)} name addresses or transactions that its snapshot does not have`
      return { struckDays, disqualification: { day: at + 1, reason } }
    }
    if (struckDays.length >= STRIKES_OUT) {
      const reason = `bad data on ${STRIKES_OUT} days (${struckDays.join(', ')}): reported rows are nothing of their snapshot`
      return { struckDays, disqualification: { day: at + 1, reason } }
    }
  }
  return { struckDays, disqualification: null }
}
