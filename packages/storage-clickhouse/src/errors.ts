import { isStorageError, StorageError, type StorageErrorCode } from '@subnetkit/core'

/** ClickHouse's error numbers, as callers need to tell them apart. What is not listed becomes `unknown`. */
const numbersByCode: readonly (readonly [StorageErrorCode, readonly number[]])[] = [
  ['invalid_input', [6, 26, 27, 38, 41, 53, 69, 70, 72, 117, 130, 321, 349, 407, 441, 457, 467, 469, 691]],
  ['bad_query', [36, 42, 43, 46, 47, 62, 184, 215, 456]],
  ['missing_schema', [60, 81]],
  ['unauthenticated', [193, 194, 516]],
  ['forbidden', [164, 291, 497]],
  ['timeout', [159, 160, 209]],
  ['throttled', [202, 203, 252, 517]],
  ['resource_exhausted', [158, 191, 241, 243, 307, 396]],
  ['unavailable', [3, 95, 210, 242, 279, 319, 425, 999]],
  ['conflict', [57, 82]],
  ['locked', [76, 107, 473]],
]

const codesByNumber: ReadonlyMap<string, StorageErrorCode> = new Map(
  numbersByCode.flatMap(([code, numbers]) => numbers.map((number) => [String(number), code] as const)),
)

const UNREACHABLE =
  /ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|socket hang up|aborted|ERR_STREAM_PREMATURE_CLOSE|Premature close|other side closed/i
const CLIENT_TIMEOUT = /^Timeout error\.?$|ETIMEDOUT/

/** What failed, for the message: never a value, never a credential. */
export interface FailedOperation {
  /** For example `insert into miner_alert_scores`. */
  readonly operation: string
  readonly queryId?: string
}

/**
 * The one place where driver and server errors become StorageErrors. The message keeps the server's first sentence with
 * anything that looks like a credential cut out; the original is the `cause`. StorageErrors pass unchanged.
 */
export function toStorageError(error: unknown, { operation, queryId }: FailedOperation): StorageError {
  if (isStorageError(error)) return error
  const number = serverNumber(error)
  const text = error instanceof Error ? error.message : String(error)
  const code = number === null ? transportCode(error, text) : (codesByNumber.get(number) ?? 'unknown')
  return new StorageError({
    code,
    message: `${operation} failed: ${redact(firstSentence(text))}${number === null ? '' : ` (ClickHouse error ${number})`}`,
    cause: error,
    details: {
      ...(number === null ? {} : { clickhouseCode: Number(number) }),
      ...(queryId === undefined ? {} : { queryId }),
    },
  })
}

/** The server's error number as text, or null when the failure did not come from the server. */
function serverNumber(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null
  if ('code' in error && typeof error.code === 'string' && /^\d+$/.test(error.code)) return error.code
  const text = 'message' in error && typeof error.message === 'string' ? error.message : ''
  return /(?:Code|Error): (\d+)\./.exec(text)?.[1] ?? null
}

function transportCode(error: unknown, text: string): StorageErrorCode {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  if (CLIENT_TIMEOUT.test(text) || CLIENT_TIMEOUT.test(code)) return 'timeout'
  return UNREACHABLE.test(text) || UNREACHABLE.test(code) ? 'unavailable' : 'unknown'
}

function firstSentence(text: string): string {
  const plain = text.replaceAll(/\s+/g, ' ').trim()
  return plain.length <= 400 ? plain : `${plain.slice(0, 400)}…`
}

/** Cuts credentials out of a text that may quote a URL, a header or a statement. */
export function redact(text: string): string {
  return text
    .replaceAll(/(\/\/)[^/\s@]+@/g, '$1***@')
    .replaceAll(
      /\b(password|secret|token|key|authorization)(\s*[=:]\s*|\s+)('[^']*'|"[^"]*"|\S+)/gi,
      '$1$2***',
    )
    .replaceAll(/\b(IDENTIFIED(?: WITH \w+)? BY)\s+'[^']*'/gi, '$1 ***')
}
