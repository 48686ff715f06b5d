import { verify } from '@scure/sr25519'

import { publicKeyOf } from '@subnetkit/core/ss58'

const SIGNATURE = /^[0-9a-f]{128}$/

/** Whether the text is the one thing that is signed, as a form check before anything is computed. */
export function isSignatureText(signature: string): boolean {
  return SIGNATURE.test(signature)
}

/**
 * Whether a signature (sr25519, context `substrate`, lower-case hex) over the UTF-8 text is by this hotkey. False for
 * whatever is malformed. Takes about 3 ms of CPU: ask the cheap questions first.
 */
export function isSignedBy(hotkey: string, text: string, signature: string): boolean {
  const publicKey = publicKeyOf(hotkey)
  if (publicKey === null || !isSignatureText(signature)) return false
  try {
    return verify(new TextEncoder().encode(text), Uint8Array.from(Buffer.from(signature, 'hex')), publicKey)
  } catch {
    // The library throws for bytes that are no signature or no point of the curve: they are nobody's signature.
    return false
  }
}
