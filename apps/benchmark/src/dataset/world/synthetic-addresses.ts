import { Random } from '../random/random.ts'

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const pairs = Array.from({ length: 58 * 58 }, (_, index) => {
  return `${alphabet.charAt(Math.floor(index / 58))}${alphabet.charAt(index % 58)}`
})
const MARK = '5Syn'
const PAIRS_PER_ADDRESS = 22
const ADDRESS_CHARACTERS = MARK.length + 2 * PAIRS_PER_ADDRESS

/**
 * Addresses that look like SS58 (48 base-58 characters, first `5`) and are none: `5Syn` marks them, and their checksum
 * is random. They say nothing of the account's kind or number. About 80 bytes of memory each, as pieces of one text.
 */
export function syntheticAddresses(seed: string, count: number): string[] {
  const random = new Random(`${seed}/addresses`)
  const bytes = Buffer.alloc(count * ADDRESS_CHARACTERS)
  let at = 0
  for (let account = 0; account < count; account++) {
    at += bytes.write(MARK, at, 'latin1')
    // 3,364 pairs go into 2^32 with a bias below one in a million.
    for (let pair = 0; pair < PAIRS_PER_ADDRESS; pair++)
      at += bytes.write(pairs[random.below(pairs.length)] ?? '', at, 'latin1')
  }
  const text = bytes.toString('latin1')
  return Array.from({ length: count }, (_, account) => {
    return text.slice(account * ADDRESS_CHARACTERS, (account + 1) * ADDRESS_CHARACTERS)
  })
}
