import { lookup, Resolver } from 'node:dns/promises'

import { MinerFault } from './miner-fault.ts'

/** Finds the IP addresses of a host name. @throws MinerFault when there are none. */
export type ResolveHost = (host: string, signal: AbortSignal) => Promise<readonly string[]>

const QUERY_MS = 3_000
const QUERY_TRIES = 2

/**
 * Asks the name servers directly. The system's own look-up would share four threads among all miners, so that a few
 * slow name servers of a hostile miner could hold up everyone.
 */
export async function resolvePublicHost(host: string, signal: AbortSignal): Promise<readonly string[]> {
  if (host === 'localhost' || host.endsWith('.localhost')) return ['127.0.0.1']
  const resolver = new Resolver({ timeout: QUERY_MS, tries: QUERY_TRIES })
  const cancel = (): void => resolver.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  try {
    const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
    signal.throwIfAborted()
    const addresses = found.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
    if (addresses.length > 0) return addresses
    const codes = found.map((result) => (result.status === 'rejected' ? codeOf(result.reason) : 'ENODATA'))
    throw dnsFault(host, codes.find((code) => code !== 'ENODATA') ?? 'ENODATA')
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

/** Asks the system, hosts file included: for miners on this machine or network. */
export async function resolvePrivateHost(host: string, signal: AbortSignal): Promise<readonly string[]> {
  try {
    const found = await lookup(host, { all: true })
    signal.throwIfAborted()
    return found.map(({ address }) => address)
  } catch (error) {
    signal.throwIfAborted()
    throw dnsFault(host, codeOf(error))
  }
}

/** Only our own side can be the cause: our name server refuses us, or we are out of memory or files. */
const ourCodes: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOMEM', 'EFILE', 'EMFILE', 'ECANCELLED'])
/** The name does not exist: a definite answer. Anything else may be better a second later. */
const finalCodes: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME'])

function dnsFault(host: string, code: string): MinerFault {
  const isOurs = ourCodes.has(code)
  return new MinerFault({
    reason: isOurs ? 'dns_unavailable' : 'dns',
    message: `no address for ${host} (${code})`,
    isOurs,
    isRetryable: !finalCodes.has(code),
    isConnectivity: true,
  })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
}
