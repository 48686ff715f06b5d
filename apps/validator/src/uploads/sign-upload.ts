import { createHash } from 'node:crypto'

import { requestText, signedHeaders } from '../auth/signed-request.ts'
import type { HotkeySigner } from '../wallet/hotkey-signer.ts'

/** What a miner signs with an upload. */
export interface SignUploadParams {
  readonly signer: Pick<HotkeySigner, 'hotkey' | 'sign'>
  /** The validator's hotkey. */
  readonly audience: string
  /** Path with query. */
  readonly target: string
  readonly content: Uint8Array
  readonly now: Date
  /** 16–64 letters, digits, _ or -; good for one request. */
  readonly nonce: string
}

/** The headers of an upload: they bind the hotkey, the file's hash, its name and number, and the validator to each other. */
export function signUpload(params: SignUploadParams): Record<string, string> {
  const { signer, audience, target, content, now, nonce } = params
  const timestampMs = now.getTime()
  const bodySha256 = createHash('sha256').update(content).digest('hex')
  const { hotkey } = signer
  const text = requestText({ audience, method: 'POST', target, bodySha256, hotkey, timestampMs, nonce })
  return {
    'content-type': 'text/x-python',
    [signedHeaders.hotkey]: hotkey,
    [signedHeaders.timestamp]: `${timestampMs}`,
    [signedHeaders.nonce]: nonce,
    [signedHeaders.signature]: Buffer.from(signer.sign(new TextEncoder().encode(text))).toString('hex'),
  }
}
