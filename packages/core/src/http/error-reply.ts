import { z } from 'zod'

import { describeError, type ErrorBody } from '../errors/describe-error.ts'
import { isInputError } from '../errors/input-error.ts'
import { isStorageError, type StorageErrorCode } from '../errors/storage-error.ts'
import { RequestRefusal } from './request-refusal.ts'

/** The body of every failed request. */
export const errorReplySchema = z.strictObject({
  error: z.strictObject({
    /** `invalid_input`, `not_found`, `conflict`, `unavailable`, `timeout`, `internal` … */
    code: z.string(),
    message: z.string(),
    field: z.string().optional(),
    hint: z.string().optional(),
  }),
})

/** A failure as a client may see it. */
export interface ErrorReply {
  readonly status: number
  readonly body: { readonly error: ErrorBody }
}

/** Store failures that concern the client: their own message goes out. */
const told: Partial<Record<StorageErrorCode, number>> = { not_found: 404, invalid_input: 422, conflict: 409 }

/** Store failures that do not: the client learns only that, and whether, trying again makes sense. */
const hidden: Partial<Record<StorageErrorCode, readonly [status: number, code: string, message: string]>> = {
  unavailable: [503, 'unavailable', 'a store cannot be reached; try again later'],
  throttled: [503, 'throttled', 'a store is too busy; try again later'],
  locked: [503, 'unavailable', 'a store is in use by something else; try again later'],
  missing_schema: [503, 'not_ready', 'the tables are not there yet; the operator has to run init'],
  resource_exhausted: [503, 'resource_exhausted', 'the request needs too much of a store; ask for less'],
  timeout: [504, 'timeout', 'a store did not answer in time; try again later or ask for less'],
}

/**
 * What a client is told about a failure. Whatever nobody foresaw is a 500 without any detail: messages of drivers hold
 * host names, statements and rows.
 */
export function toErrorReply(error: unknown): ErrorReply {
  if (error instanceof RequestRefusal) {
    const { status, code, message, hint } = error
    return { status, body: { error: { code, message, ...(hint === null ? {} : { hint }) } } }
  }
  if (isInputError(error)) return { status: 422, body: { error: describeError(error) } }
  if (isStorageError(error)) return fromStorage(error.code, error.message)
  const { code } = describeError(error)
  if (code === 'timeout')
    return reply(504, 'timeout', 'the work did not end in time; try again later or ask for less')
  if (code === 'interrupted') return reply(503, 'unavailable', 'the server is stopping; try again later')
  return fromFastify(error) ?? reply(500, 'internal', 'something went wrong on the server; its log says what')
}

function fromStorage(code: StorageErrorCode, message: string): ErrorReply {
  const status = told[code]
  if (status !== undefined) return reply(status, code, message)
  const [hiddenStatus, publicCode, text] = hidden[code] ?? [
    500,
    'internal',
    'something went wrong on the server; its log says what',
  ]
  return reply(hiddenStatus, publicCode, text)
}

const clientFaults: Readonly<Record<number, string>> = {
  400: 'bad_request',
  404: 'not_found',
  413: 'too_large',
  414: 'too_large',
  415: 'unsupported_media_type',
}

/** Fastify's own refusals (a body that is too large or is no JSON) are the client's, with texts made for it. */
function fromFastify(error: unknown): ErrorReply | null {
  if (!(error instanceof Error) || !('statusCode' in error) || !('code' in error)) return null
  const { statusCode, code } = error
  if (typeof statusCode !== 'number' || typeof code !== 'string' || !code.startsWith('FST_')) return null
  const name = clientFaults[statusCode]
  return name === undefined ? null : reply(statusCode, name, error.message)
}

function reply(status: number, code: string, message: string): ErrorReply {
  return { status, body: { error: { code, message } } }
}
