import { nonceSchema } from '@subnetkit/core'

import { isSignatureText } from './is-signed-by.ts'
import { signedHeaders } from './signed-request.ts'

/** How far a request's time may be from the server's, both ways. */
export const CLOCK_WINDOW_MS = 60_000

/** How long a nonce is remembered after its request's time: the window, and as much again for clocks that differ. */
const NONCE_LIFE_MS = 2 * CLOCK_WINDOW_MS

/** What the headers of a signed request say, once they have passed. */
export interface SignedClaim {
  readonly hotkey: string
  readonly timestampMs: number
  readonly nonce: string
  readonly signature: string
}

/** Why a request is not let in: nobody knows who asks. */
export interface AdmissionRefusal {
  readonly message: string
  readonly hint: string
}

/** The headers and what they are held against. */
export interface CheckClaimParams {
  /** By lower-case name, as Node gives them; one that is sent twice is no text and counts as missing. */
  readonly headers: Readonly<Record<string, unknown>>
  readonly now: Date
}

/**
 * Everything that can be refused without the body, without cryptography and without knowing who may ask: missing or
 * misshapen headers, clocks that are off.
 */
export function checkClaim(
  params: CheckClaimParams,
): { readonly claim: SignedClaim } | { readonly refusal: AdmissionRefusal } {
  const { headers, now } = params
  const text = (name: string): string => {
    const value = headers[name]
    return typeof value === 'string' ? value : ''
  }
  const hotkey = text(signedHeaders.hotkey)
  const timestamp = text(signedHeaders.timestamp)
  const nonce = text(signedHeaders.nonce)
  const signature = text(signedHeaders.signature)
  for (const [name, isGood, form] of [
    [signedHeaders.hotkey, /^[1-9A-HJ-NP-Za-km-z]{46,50}$/.test(hotkey), 'an SS58 address'],
    [signedHeaders.timestamp, /^[1-9]\d{0,14}$/.test(timestamp), 'milliseconds since 1970'],
    [
      signedHeaders.nonce,
      nonceSchema.safeParse(nonce).success,
      '16–64 letters, digits or _ -, new each time',
    ],
    [signedHeaders.signature, isSignatureText(signature), '128 lower-case hex digits'],
  ] as const) {
    if (!isGood) return refuse(`the header ${name} is missing or not well-formed`, `give ${form}`)
  }
  const offMs = Number(timestamp) - now.getTime()
  if (Math.abs(offMs) > CLOCK_WINDOW_MS) {
    return refuse(
      `the request's time is ${Math.abs(offMs)} ms ${offMs < 0 ? 'behind' : 'ahead of'} the server's`,
      `the server's clock says ${now.toISOString()} (${now.getTime()} ms); up to ${CLOCK_WINDOW_MS} ms may differ`,
    )
  }
  return { claim: { hotkey, timestampMs: Number(timestamp), nonce, signature } }
}

/** Until when the nonce of a request must be remembered. */
export function nonceExpiry(claim: Pick<SignedClaim, 'timestampMs'>): Date {
  return new Date(claim.timestampMs + NONCE_LIFE_MS)
}

function refuse(message: string, hint: string): { readonly refusal: AdmissionRefusal } {
  return { refusal: { message, hint } }
}
