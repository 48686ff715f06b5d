import type { MinerPause } from '@subnetkit/core'

/** First pause; each further one lasts twice as long. */
const FIRST_PAUSE_MS = 600_000
/** No pause lasts longer: a day. */
const LONGEST_PAUSE_MS = 86_400_000

/** What the rule looks at. */
export interface PauseRuleParams {
  /** Miner's faults in a row, the newest included. */
  readonly consecutiveErrors: number
  /** Faults in a row that make a pause. */
  readonly pauseAfterErrors: number
  /** The pause that the miner has now, in effect or over. */
  readonly pause: MinerPause | null
  readonly now: Date
}

/** A pause that the rule asks for. */
export interface RulePause {
  readonly reason: string
  readonly until: Date
}

/**
 * Pauses a miner that only fails: after each full row of `pauseAfterErrors` faults, for 10 minutes, then 20, 40 and so
 * on, at most a day. A pause ends by itself at its `until`; any scored sample ends the row, and the next row begins with
 * 10 minutes again. A pause that is in effect is never shortened or replaced, above all not one that a person set. A row
 * that should have led to a pause but did not, because the process died in between, does so at the next fault.
 */
export function pauseAfterErrors(params: PauseRuleParams): RulePause | null {
  const { consecutiveErrors, pauseAfterErrors: rowLength, pause, now } = params
  const rows = Math.floor(consecutiveErrors / rowLength)
  if (rows === 0) return null
  if (pause !== null && (pause.until === null || pause.until.getTime() > now.getTime())) return null
  if (consecutiveErrors % rowLength !== 0 && pause !== null) return null
  const lengthMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (rows - 1))
  return {
    reason: `${consecutiveErrors} faults in a row; paused for ${lengthMs / 60_000} minutes`,
    until: new Date(now.getTime() + lengthMs),
  }
}
