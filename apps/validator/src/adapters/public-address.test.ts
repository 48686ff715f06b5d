import { describe, expect, it } from 'vitest'

import { isPublicAddress } from './public-address.ts'

describe('isPublicAddress', () => {
  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
    'takes %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true)
    },
  )

  it.each([
    ['loopback', ['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1', '0:0:0:0:0:ffff:7f00:1']],
    ['this host', ['0.0.0.0', '0.1.2.3', '::']],
    ['private', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '::ffff:10.0.0.1', 'fc00::1']],
    ['link-local', ['169.254.1.1', 'fe80::1', 'fe80::1%eth0']],
    ['shared by carriers', ['100.64.0.1', '100.127.255.255']],
    ['multicast and broadcast', ['224.0.0.1', '255.255.255.255', 'ff02::1']],
    ['of clouds', ['169.254.169.254', 'fd00:ec2::254', '168.63.129.16', '100.100.100.200', '192.0.0.192']],
    ['reserved and documentation', ['240.0.0.1', '192.0.2.1', '198.18.0.1', '2001:db8::1', '4000::1']],
    ['another address inside', ['64:ff9b::7f00:1', '2002:7f00:1::', '::7f00:1', '2001::1']],
    ['no address', ['', 'localhost', '999.1.1.1', '127.0.0.1.nip.io', '1.2.3.4/32']],
  ])('refuses what is %s', (_name, addresses) => {
    expect(addresses.filter((address) => isPublicAddress(address))).toEqual([])
  })
})
