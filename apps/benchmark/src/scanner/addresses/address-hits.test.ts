import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { findTextRuns } from '../text-runs.ts'
import { addressHits } from './address-hits.ts'

// Public examples: Bitcoin's first block, BIP 173 and 350, EIP-55, Substrate's development account.
const known: readonly (readonly [string, string])[] = [
  ['bitcoin-address', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'],
  ['bitcoin-address', '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy'],
  ['bitcoin-address', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
  ['bitcoin-address', 'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0'],
  ['evm-address', '5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'],
  ['evm-address', 'fB6916095ca1df60bB79Ce92cE3Ea74c37c5d359'],
  ['ss58-address', '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'],
]

function rulesIn(text: string): string[] {
  return addressHits(text, findTextRuns(text).words).map(({ rule }) => rule)
}

describe('addressHits', () => {
  it.each(known)('finds a %s in %s', (rule, address) => {
    for (const text of [
      address,
      `"${address}"`,
      `x=${address};`,
      `wallet_${address}`,
      `/${address}/`,
      `\n${address}\n`,
    ]) {
      expect(rulesIn(text)).toEqual([rule])
    }
  })

  it('finds none when a letter is wrong: the checksum decides', () => {
    const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
    fc.assert(
      fc.property(
        fc.constantFrom(...known.filter(([rule]) => rule !== 'evm-address' && rule !== 'ss58-address')),
        fc.nat(61),
        fc.constantFrom(...alphabet),
        ([, address], at, letter) => {
          const index = 1 + (at % (address.length - 1))
          fc.pre(address.charAt(index).toLowerCase() !== letter.toLowerCase())
          expect(rulesIn(`${address.slice(0, index)}${letter}${address.slice(index + 1)}`)).toEqual([])
        },
      ),
      { seed: 6, numRuns: 300 },
    )
  })

  it('tells hashes of transactions from pins by the words beside them', () => {
    const hash = '5c504ed432cb51138bcf09aa5e8a410dd4a1e204ef84bfed1be16dfba1b22060'
    for (const line of [
      `tx: ${hash}`,
      `txHash = "${hash}"`,
      `transactions: [${hash}]`,
      `lastTransactionId(${hash})`,
    ]) {
      expect(rulesIn(line)).toEqual(['transaction-hash'])
    }
    for (const line of [`--hash=sha256:${hash}`, `"text": "${hash}"`, `context ${hash}`, `tx\n${hash}`]) {
      expect(rulesIn(line)).toEqual([])
    }
  })

  it('counts hashes that say nothing of themselves', () => {
    const line = (index: number): string =>
      `'${String(index).padStart(2, '0')}${'5c504ed432cb51138bcf09aa5e8a410d'}abcdef'\n`
    const list = (length: number): string => Array.from({ length }, (_, index) => line(index)).join('')
    expect(rulesIn(list(20))).toEqual([])
    expect(rulesIn(list(21))).toEqual(['hash-list'])
  })
})
