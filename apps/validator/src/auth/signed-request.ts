import { StorageError } from '@subnetkit/core'

/** Names of the headers that a signed request brings. */
export const signedHeaders = {
  hotkey: 'x-subnetkit-hotkey',
  timestamp: 'x-subnetkit-timestamp',
  nonce: 'x-subnetkit-nonce',
  signature: 'x-subnetkit-signature',
} as const

/** What a signature over a request covers. */
export interface RequestStatement {
  /** Hotkey of the validator that is asked, so that no validator can pass the request on to another. */
  readonly audience: string
  readonly method: string
  /** Path with query, as it stands in the request line. */
  readonly target: string
  /** SHA-256 of the body's bytes in lower-case hex; of no bytes for a request without a body. */
  readonly bodySha256: string
  readonly hotkey: string
  readonly timestampMs: number
  readonly nonce: string
}

/** Changes when the text below changes, so that no signature is ever read under two rules. */
const DOMAIN = 'subnetkit-request-v1'

/**
 * The text that is signed: eight lines, in UTF-8, without a line end after the last one.
 *
 * @throws StorageError `invalid_input` when a part holds a line break, which would let two requests share a text.
 */
export function requestText(statement: RequestStatement): string {
  const { audience, method, target, bodySha256, hotkey, timestampMs, nonce } = statement
  const lines = [DOMAIN, audience, method, target, bodySha256, hotkey, String(timestampMs), nonce]
  if (lines.every((line) => !/[\r\n]/.test(line))) return lines.join('\n')
  throw new StorageError({ code: 'invalid_input', message: 'a part of a signed request holds a line break' })
}
