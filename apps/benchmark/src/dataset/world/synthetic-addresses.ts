import { Random } from '../random/random.ts'

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const pairs = Array.from({ length: 58 * 58 }, (_, index) => {
  return `${alphabet.charAt(Math.floor(index / 58))}${alphabet.charAt(index % 58)}`
})

/**
 * Addresses that look like SS58 (48 base-58 characters, first `5`) and are none: `5Syn` marks them, and their checksum
 * is random. They say nothing of the account's kind or number. About 100 bytes of memory each.
 */
export function syntheticAddresses(seed: string, count: number): string[] {
  const random = new Random(`${seed}/addresses`)
  const addresses: string[] = []
  for (let account = 0; account < count; account++) {
    let text = '5Syn'
    // 3,364 pairs go into 2^32 with a bias below one in a million.
    for (let pair = 0; pair < 22; pair++) text += pairs[random.below(pairs.length)] ?? ''
    addresses.push(text)
  }
  return addresses
}
