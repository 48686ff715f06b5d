import { RequestRefusal } from '@subnetkit/core/http'

/** What is known of a signed request before its body is read. */
export interface AskingRequest {
  /** Who says to have signed it; whether that is so shows with the body. */
  readonly hotkey: string
  /** As it was parsed from the address. */
  readonly query: unknown
  /** Of its header; null when that is missing. */
  readonly contentLength: number | null
}

/** Lets a request on to its body, or throws. It is asked before the signature is checked, which takes the body. */
export type MayAsk = (request: AskingRequest) => Promise<void>

/**
 * Lets on who is on a list.
 *
 * @param params.allowedBy the configuration key that names them.
 */
export function onlyAllowed(
  params: Readonly<{ allowed: () => Promise<ReadonlySet<string>>; allowedBy: string }>,
): MayAsk {
  return async ({ hotkey }) => {
    if ((await params.allowed()).has(hotkey)) return
    throw new RequestRefusal({
      status: 403,
      code: 'not_allowed',
      message: 'this hotkey is not allowed to work for this validator',
      hint: `ask the operator to add it to the configuration ${params.allowedBy}`,
    })
  }
}
