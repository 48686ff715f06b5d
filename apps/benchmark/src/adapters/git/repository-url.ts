import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'

import { StorageError } from '@subnetkit/core'

/** A checked address of a repository, or why it is refused, in words for the miner. */
export type CheckedUrl =
  { readonly isAccepted: true; readonly url: URL } | { readonly isAccepted: false; readonly problem: string }

const MAX_CHARACTERS = 2048

/** Accepts https without credentials, and `file:` only where that is allowed. Touches no network. */
export function checkRepositoryUrl(text: string, isLocalAllowed: boolean): CheckedUrl {
  const refuse = (problem: string): CheckedUrl => ({ isAccepted: false, problem })
  if (text.length > MAX_CHARACTERS) return refuse(`is longer than ${MAX_CHARACTERS} characters`)
  if (!/^[\u0021-\u007e]+$/.test(text))
    return refuse('has spaces, control characters or letters beyond ASCII')
  if (!/^(?:https|file):\/\//.test(text)) return refuse('does not begin with https://')
  if (!URL.canParse(text)) return refuse('is no URL')
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return refuse('carries a user or a password')
  if (url.search !== '' || url.hash !== '') return refuse('has a query or a fragment')
  if (url.protocol === 'file:') {
    if (!isLocalAllowed) return refuse('is a folder of this machine; give an https URL')
    return url.hostname === '' ? { isAccepted: true, url } : refuse('names another host than this machine')
  }
  if (!isLocalAllowed && isPrivateName(url.hostname)) return refuse(PRIVATE)
  return { isAccepted: true, url }
}

const PRIVATE = 'leads to a private address'

/** IPv4 and IPv6 ranges that are not the public internet (RFC 6890 and its successors). */
const privateRanges = new BlockList()
for (const range of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
]) {
  const [network = '', bits = ''] = range.split('/')
  privateRanges.addSubnet(network, Number(bits), 'ipv4')
}
/** The only IPv6 addresses that are handed out for the public internet. */
const publicIpv6 = new BlockList()
publicIpv6.addSubnet('2000::', 3, 'ipv6')
/** Inside of it: Teredo, documentation, and 6to4, which carries an IPv4 address. */
for (const [network, bits] of [
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
] as const) {
  privateRanges.addSubnet(network, bits, 'ipv6')
}

function isPrivateAddress(address: string): boolean {
  if (isIP(address) === 4) return privateRanges.check(address, 'ipv4')
  return !publicIpv6.check(address, 'ipv6') || privateRanges.check(address, 'ipv6')
}

function isPrivateName(hostname: string): boolean {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
  if (isIP(bare) !== 0) return isPrivateAddress(bare)
  return !bare.includes('.') || /\.(?:localhost|local|internal|intranet|lan|home|corp|arpa)$/.test(bare)
}

/** Where the host of an https URL is, as git is told to find it; null when it needs no pin. */
export type PinnedHost =
  | { readonly isPublic: true; readonly curlResolve: string | null }
  | { readonly isPublic: false; readonly problem: string }

/**
 * Looks the host up once and refuses private addresses. Git then connects to what was checked and asks nobody again, so
 * that a name which changes its answer leads nowhere else.
 *
 * @throws StorageError `unavailable` when the name cannot be looked up.
 */
export async function pinHost(url: URL, isLocalAllowed: boolean): Promise<PinnedHost> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (url.protocol !== 'https:' || isLocalAllowed || isIP(host) !== 0)
    return { isPublic: true, curlResolve: null }
  let addresses: readonly string[]
  try {
    addresses = (await lookup(host, { all: true })).map(({ address }) => address)
  } catch (cause) {
    throw new StorageError({
      code: 'unavailable',
      message: `${host} cannot be looked up`,
      cause,
      details: { host },
    })
  }
  if (addresses.length === 0 || addresses.some((address) => isPrivateAddress(address))) {
    return { isPublic: false, problem: PRIVATE }
  }
  const texts = addresses.map((address) => (isIP(address) === 6 ? `[${address}]` : address))
  return { isPublic: true, curlResolve: `${host}:${url.port === '' ? '443' : url.port}:${texts.join(',')}` }
}
