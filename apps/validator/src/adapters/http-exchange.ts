import { Client, errors, type Dispatcher } from 'undici'

import { parseCompletion, saysInputTooLong, type Completion } from './completion-body.ts'
import type { MinerClientLimits } from './miner-client-limits.ts'
import type { MinerEndpoint } from './miner-endpoint.ts'
import { MinerFault } from './miner-fault.ts'
import { createPinnedConnector } from './pinned-connector.ts'

/** One request to one miner. */
export interface ExchangeParams {
  readonly endpoint: MinerEndpoint
  /** Checked before. */
  readonly addresses: readonly string[]
  readonly isAllowed: (address: string) => boolean
  readonly body: string
  readonly limits: Required<MinerClientLimits>
  readonly signal: AbortSignal
}

/**
 * Sends one request over a connection of its own and reads the reply within the limits. Nothing is kept: not the
 * connection, not the miner's TLS session. @throws MinerFault, or the signal's reason.
 */
export async function exchange(params: ExchangeParams): Promise<Completion> {
  const { endpoint, limits, signal } = params
  const client = new Client(endpoint.origin, {
    connect: createPinnedConnector({
      addresses: params.addresses,
      connectMs: limits.connectMs,
      isAllowed: params.isAllowed,
    }),
    headersTimeout: limits.firstByteMs,
    bodyTimeout: limits.totalMs,
    maxHeaderSize: limits.headerBytes,
    maxResponseSize: limits.responseBytes,
  })
  try {
    const reply = await client.request({
      method: 'POST',
      path: endpoint.path,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        // Nothing is ever unpacked: a small body cannot become a large one.
        'accept-encoding': 'identity',
        'user-agent': 'subnetkit-validator',
      },
      body: params.body,
      reset: true,
      signal,
    })
    return await readReply(reply)
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof MinerFault ? error : transportFault(error)
  } finally {
    await client.destroy()
  }
}

async function readReply(reply: Dispatcher.ResponseData): Promise<Completion> {
  const { statusCode, headers } = reply
  // A body that is not read still fails when the connection is dropped; that failure is of no interest.
  reply.body.on('error', () => {})
  if (statusCode >= 300) throw await statusFault(reply)
  const encoding = textOf(headers['content-encoding']).trim().toLowerCase()
  if (encoding !== '' && encoding !== 'identity') {
    throw new MinerFault({
      reason: 'encoded',
      message: `the body is encoded as ${encoding}, which was not asked for`,
    })
  }
  const type = textOf(headers['content-type'])
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)) {
    throw new MinerFault({
      reason: 'wrong_type',
      message: `the body is of type ${type}, not application/json`,
    })
  }
  return parseCompletion(await reply.body.bytes())
}

async function statusFault(reply: Dispatcher.ResponseData): Promise<MinerFault> {
  const { statusCode, headers } = reply
  const message = `the miner answered with status ${statusCode}`
  if (statusCode < 400) return new MinerFault({ reason: 'redirected', message })
  if (statusCode === 429 || statusCode === 503) {
    const retryAfterMs = readRetryAfter(textOf(headers['retry-after']))
    return new MinerFault({ reason: 'busy', message, isRetryable: true, retryAfterMs })
  }
  if (statusCode >= 500) return new MinerFault({ reason: 'server_error', message })
  if (
    statusCode === 413 ||
    ((statusCode === 400 || statusCode === 422) && saysInputTooLong(await reply.body.bytes()))
  ) {
    return new MinerFault({
      reason: 'input_too_long',
      message: `${message}: the input is too long for its model`,
    })
  }
  return new MinerFault({ reason: 'rejected', message })
}

/** Seconds only: a date would need the miner's clock to be right. */
function readRetryAfter(text: string): number | undefined {
  return /^\d{1,6}$/.test(text.trim()) ? Number(text) * 1_000 : undefined
}

function textOf(header: string | string[] | undefined): string {
  return typeof header === 'string' ? header : (header?.join(', ') ?? '')
}

/** After the connection stood, whatever goes wrong on it the miner can cause; what it was asked, it was asked. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['UND_ERR_BODY_TIMEOUT', 'timeout'],
  ['UND_ERR_HEADERS_OVERFLOW', 'too_large'],
  ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'too_large'],
  ['UND_ERR_SOCKET', 'reset'],
  ['ECONNRESET', 'reset'],
  ['EPIPE', 'reset'],
  ['ETIMEDOUT', 'reset'],
])

function transportFault(error: unknown): MinerFault {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  const message = error instanceof Error ? error.message : String(error)
  const reason = reasons.get(code)
  if (reason !== undefined) return new MinerFault({ reason, message })
  if (error instanceof errors.HTTPParserError || error instanceof errors.UndiciError) {
    return new MinerFault({ reason: 'bad_http', message })
  }
  return new MinerFault({ reason: 'unexpected', message, isOurs: true })
}
