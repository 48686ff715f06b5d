import type { MinerAnswer } from '../ports/miner-client.ts'

/** How a {@link MinerFault} is made. */
export interface MinerFaultOptions {
  /** A lower-case word to count by. */
  readonly reason: string
  /** For a person; it may quote the miner, and is cleaned before anyone sees it. */
  readonly message: string
  /** Our side is at fault: no miner can cause this. @default false */
  readonly isOurs?: boolean
  /** Asking again may help, and no miner was asked twice by it. @default false */
  readonly isRetryable?: boolean
  /** It would look the same if our own network were down. @default false */
  readonly isConnectivity?: boolean
  /** How long the miner asked us to wait, in ms. */
  readonly retryAfterMs?: number | undefined
}

/** Why one attempt to ask a miner gave no answer. */
export class MinerFault extends Error {
  override readonly name = 'MinerFault'
  readonly options: MinerFaultOptions

  constructor(options: MinerFaultOptions) {
    super(options.message)
    this.options = options
  }
}

/** The fault as the port reports it. */
export function toAnswer(fault: MinerFaultOptions, latencyMs: number): MinerAnswer {
  return {
    kind: fault.isOurs === true ? 'infrastructure_fault' : 'miner_fault',
    reason: fault.reason,
    message: plainText(fault.message),
    latencyMs,
  }
}

const MAX_MESSAGE_CHARACTERS = 300

/** Text of a stranger as it may stand in a log or terminal: no controls, no line breaks, no direction marks, 300 characters. */
export function plainText(text: string): string {
  const shown = text
    .slice(0, 4 * MAX_MESSAGE_CHARACTERS)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
  if (shown.length <= MAX_MESSAGE_CHARACTERS) return shown
  // The cut may fall into a pair of surrogates.
  return `${shown.slice(0, MAX_MESSAGE_CHARACTERS - 1).replace(/\p{Surrogate}$/u, '')}…`
}
