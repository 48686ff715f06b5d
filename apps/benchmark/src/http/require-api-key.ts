import { createHash, timingSafeEqual } from 'node:crypto'

import { type HttpServer, RequestRefusal } from '@subnetkit/core/http'

/**
 * Lets only requests with the right `x-api-key` through, before anything of them is read. The comparison takes as long
 * for a key that is nearly right as for any other. Without a key everything is refused: there is no default one.
 */
export function requireApiKey(scope: HttpServer, apiKey: string | null): void {
  const expected = apiKey === null ? null : digest(apiKey)
  scope.addHook('onRequest', async (request) => {
    if (expected === null) {
      throw new RequestRefusal({
        status: 503,
        code: 'REGISTRATION_CLOSED',
        message: 'this server has no key for registration',
        hint: 'the operator sets REGISTRATION_API_KEY and starts it again',
      })
    }
    const given = request.headers['x-api-key']
    if (typeof given === 'string' && timingSafeEqual(digest(given), expected)) return
    throw new RequestRefusal({
      status: 401,
      code: 'UNAUTHORIZED',
      message: given === undefined ? 'the header x-api-key is missing' : 'the key is not the right one',
      hint: 'give the key of the operator in the header x-api-key',
    })
  })
}

/** Of one length whatever the text, so that its length cannot be told either. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
