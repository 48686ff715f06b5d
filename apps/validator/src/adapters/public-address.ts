import ipaddr from 'ipaddr.js'

/** Public addresses that clouds answer on for their own machines only, outside the ranges kept for such use. */
const cloudAddresses: ReadonlySet<string> = new Set(['168.63.129.16'])

/** The part of IPv6 from which public addresses are given out; the rest maps IPv4 addresses, or is not given out yet. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * Whether an IP address belongs to the public internet: not private, loopback, link-local, shared, multicast, reserved,
 * translated to another address, or a cloud's own. False for text that is no address.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address) // an IPv4 address that is written as IPv6 becomes what it stands for
  if (parsed.range() !== 'unicast' || cloudAddresses.has(parsed.toString())) return false
  return parsed.kind() === 'ipv4' || parsed.match(globalUnicast)
}
