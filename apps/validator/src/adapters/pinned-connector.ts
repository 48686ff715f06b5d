import type { LookupFunction } from 'node:net'
import { isIPv6 } from 'node:net'

import { buildConnector } from 'undici'

import { MinerFault } from './miner-fault.ts'

/** How a connection to a miner is made. */
export interface PinnedConnectorOptions {
  /** The addresses that were checked: nothing else is connected to, whatever the name says by then. */
  readonly addresses: readonly string[]
  readonly connectMs: number
  readonly isAllowed: (address: string) => boolean
}

/** Connects only to addresses that were checked, and looks again at the one that it got. Its failures are MinerFaults. */
export function createPinnedConnector(options: PinnedConnectorOptions): buildConnector.connector {
  const { addresses, connectMs, isAllowed } = options
  const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }))
  const lookup: LookupFunction = (_host, { all }, callback) => {
    const [first] = found
    if (all === true || first === undefined) callback(null, found)
    else callback(null, first.address, first.family)
  }
  const connect = buildConnector({ timeout: connectMs, lookup, allowH2: false, maxCachedSessions: 0 })
  return (request, callback) => {
    connect(request, (error, socket) => {
      if (error !== null) {
        callback(connectFault(error, addresses), null)
        return
      }
      if (socket.remoteAddress !== undefined && isAllowed(socket.remoteAddress)) {
        callback(null, socket)
        return
      }
      socket.destroy()
      callback(privateFault(socket.remoteAddress ?? 'unknown'), null)
    })
  }
}

/** The miner's host is not on the public internet. */
export function privateFault(address: string): MinerFault {
  return new MinerFault({ reason: 'private_address', message: `${address} is not a public address` })
}

/** What no miner can cause: we have no network, no ports or no files left. */
const ourCodes: ReadonlySet<string> = new Set([
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EACCES',
  'EPERM',
])
/** Codes of a failed connection by reason; all others are of TLS, since nothing else can fail here. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'refused'],
  ['ECONNRESET', 'reset'],
  ['EPIPE', 'reset'],
  ['ETIMEDOUT', 'connect_timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'connect_timeout'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
])

function connectFault(error: Error, addresses: readonly string[]): MinerFault {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
  // No route to an IPv6 address: the miner gave one only, and few networks have IPv6. No route to IPv4: we have none.
  const isWithoutNetwork = code === 'ENETUNREACH' && !addresses.every((address) => isIPv6(address))
  const isOurs = ourCodes.has(code) || isWithoutNetwork
  const reason = reasons.get(code)
  return new MinerFault({
    reason: isOurs ? 'no_network' : (reason ?? 'tls'),
    message: `connecting failed: ${error.message === '' ? code : error.message}`,
    isOurs,
    isRetryable: isOurs || reason !== undefined,
    isConnectivity: reason !== undefined,
  })
}
