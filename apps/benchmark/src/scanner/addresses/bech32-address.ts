import { bech32, bech32m } from '@scure/base'

/** Whether a text is a SegWit address (BIP 173 and 350): its checksum, version and program length are right. */
export function isBech32Address(text: string): boolean {
  const lower = text.toLowerCase()
  if (text !== lower && text !== text.toUpperCase()) return false
  const decoded = bech32.decodeUnsafe(lower) ?? bech32m.decodeUnsafe(lower)
  if (decoded === undefined) return false
  const [version, ...program] = decoded.words
  return version !== undefined && version <= 16 && program.length >= 4 && program.length <= 64
}
