import { describe, expect, it } from 'vitest'

import { seccompFilter } from './seccomp-filter.ts'

const ALLOW = 0x7fff0000
const EPERM = 0x00050001
const ENOSYS = 0x00050026
const KILL = 0x80000000
const x64 = 0xc000003e
const arm64 = 0xc00000b7

/** What the kernel would answer, by its rules for these five instructions. */
function answer(filter: Buffer, call: { architecture: number; number: number; first?: number }): number {
  let accumulator = 0
  for (let at = 0; at < filter.length / 8; at++) {
    const offset = at * 8
    const value = filter.readUInt32LE(offset + 4)
    const jump = (isTrue: boolean): number => filter.readUInt8(offset + (isTrue ? 2 : 3))
    switch (filter.readUInt16LE(offset)) {
      case 0x20:
        accumulator = value === 0 ? call.number : value === 4 ? call.architecture : (call.first ?? 0)
        break
      case 0x15:
        at += jump(accumulator === value)
        break
      case 0x35:
        at += jump(accumulator >= value)
        break
      case 0x45:
        at += jump((accumulator & value) !== 0)
        break
      default:
        return value
    }
  }
  throw new Error('the filter has no end')
}

describe('seccompFilter', () => {
  it.each([
    ['x64 write', 'x64', { architecture: x64, number: 1 }, ALLOW],
    ['x64 ptrace', 'x64', { architecture: x64, number: 101 }, EPERM],
    ['x64 mount', 'x64', { architecture: x64, number: 165 }, EPERM],
    ['x64 bpf', 'x64', { architecture: x64, number: 321 }, EPERM],
    ['x64 clone3', 'x64', { architecture: x64, number: 435 }, ENOSYS],
    ['x64 io_uring_setup', 'x64', { architecture: x64, number: 425 }, ENOSYS],
    ['x64 fork by clone', 'x64', { architecture: x64, number: 56, first: 0x01200011 }, ALLOW],
    ['x64 clone with a user namespace', 'x64', { architecture: x64, number: 56, first: 0x10000011 }, EPERM],
    ['x64 socket AF_INET', 'x64', { architecture: x64, number: 41, first: 2 }, ALLOW],
    ['x64 socket AF_UNIX', 'x64', { architecture: x64, number: 41, first: 1 }, ALLOW],
    ['x64 socket AF_VSOCK', 'x64', { architecture: x64, number: 41, first: 40 }, EPERM],
    ['x64 call of the x32 kind', 'x64', { architecture: x64, number: 0x40000000 + 101 }, EPERM],
    ['32-bit call on x64', 'x64', { architecture: 0x40000003, number: 26 }, KILL],
    ['arm64 ptrace', 'arm64', { architecture: arm64, number: 117 }, EPERM],
    ['arm64 write', 'arm64', { architecture: arm64, number: 64 }, ALLOW],
    ['arm64 clone with namespaces', 'arm64', { architecture: arm64, number: 220, first: 0x20000 }, EPERM],
    ['arm64 socket AF_NETLINK', 'arm64', { architecture: arm64, number: 198, first: 16 }, ALLOW],
  ] as const)('%s', (_name, architecture, call, expected) => {
    const filter = seccompFilter(architecture)
    expect(filter).not.toBeNull()
    if (filter !== null) expect(answer(filter, call)).toBe(expected)
  })

  it('knows no other architecture', () => {
    expect(seccompFilter('riscv64')).toBeNull()
  })
})
