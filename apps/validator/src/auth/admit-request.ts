import { createHash } from 'node:crypto'

import type { Repositories } from '@subnetkit/core'
import { RequestRefusal } from '@subnetkit/core/http'

import { checkClaim, nonceExpiry, type SignedClaim } from './admission-rules.ts'
import { isSignedBy } from './is-signed-by.ts'
import { requestText, type RequestStatement } from './signed-request.ts'

/** What letting requests in works with. */
export interface AdmissionDeps {
  readonly requestNonces: Repositories['requestNonces']
  /** This validator's hotkey: what requests must be addressed to. */
  readonly validatorHotkey: string
  readonly now: () => Date
  /** A new id for each try; see `RequestNonce.admission`. */
  readonly createAdmissionId: () => string
}

/** First half: what can be told from the headers, before the body is read. @throws RequestRefusal 401. */
export function admitHeaders(
  deps: Pick<AdmissionDeps, 'now'>,
  headers: Readonly<Record<string, unknown>>,
): SignedClaim {
  const outcome = checkClaim({ headers, now: deps.now() })
  if ('claim' in outcome) return outcome.claim
  throw new RequestRefusal({ status: 401, code: 'not_signed', ...outcome.refusal })
}

/**
 * Second half: the signature over the body's bytes, and only when that is right, the nonce, so that nobody can use up
 * another's nonces.
 *
 * @throws RequestRefusal 401 for a signature that does not fit, 409 for a nonce that was used.
 */
export async function admitBody(
  deps: AdmissionDeps,
  claim: SignedClaim,
  request: Readonly<Pick<RequestStatement, 'method' | 'target'> & { body: Uint8Array }>,
): Promise<void> {
  const { method, target, body } = request
  const { hotkey, nonce, timestampMs, signature } = claim
  const bodySha256 = createHash('sha256').update(body).digest('hex')
  const audience = deps.validatorHotkey
  const text = requestText({ audience, method, target, bodySha256, hotkey, timestampMs, nonce })
  if (!isSignedBy(hotkey, text, signature)) {
    throw new RequestRefusal({
      status: 401,
      code: 'bad_signature',
      message: 'the signature is not this hotkey’s over this request',
      hint: `sign the eight lines that the API's description names; the audience is ${audience}, the body's SHA-256 ${bodySha256}`,
    })
  }
  const admission = deps.createAdmissionId()
  const isNew = await deps.requestNonces.claim({
    nonce: { hotkey, nonce, admission, expiresAt: nonceExpiry(claim) },
    now: deps.now(),
  })
  if (isNew) return
  throw new RequestRefusal({
    status: 409,
    code: 'replayed',
    message: 'this nonce was used before',
    hint: 'sign again with a new nonce; the work itself may be repeated safely',
  })
}
