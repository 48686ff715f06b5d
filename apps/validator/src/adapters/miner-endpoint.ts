import { isIP } from 'node:net'

import { MinerFault } from './miner-fault.ts'

/** Where a miner says that it answers. */
export interface MinerEndpoint {
  /** Scheme, host and port. */
  readonly origin: string
  /** Path of the chat completions. */
  readonly path: string
  /** A name or an IP address without brackets. */
  readonly host: string
  readonly isAddress: boolean
  readonly port: number
}

const MAX_ENDPOINT_CHARACTERS = 2_048

/** Reads the base URL that a miner committed. @throws MinerFault when it is none that may be asked. */
export function parseMinerEndpoint(endpoint: string): MinerEndpoint {
  const url = endpoint.length <= MAX_ENDPOINT_CHARACTERS && URL.canParse(endpoint) ? new URL(endpoint) : null
  if (url === null) throw fault('is no URL')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw fault('is neither http nor https')
  if (url.username !== '' || url.password !== '') throw fault('holds a user name or password')
  if (url.search !== '' || url.hash !== '') throw fault('holds a query or fragment')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return {
    origin: url.origin,
    path: `${url.pathname.replace(/\/+$/, '')}/chat/completions`,
    host,
    isAddress: isIP(host) !== 0,
    port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
  }
}

function fault(problem: string): MinerFault {
  return new MinerFault({ reason: 'bad_endpoint', message: `the endpoint ${problem}` })
}
