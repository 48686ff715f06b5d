import { createHash } from 'node:crypto'

const NAMESPACE = Buffer.from('5f0a5c9ed1b64c0f8f4b3a8b1d2e7c60', 'hex')

/**
 * A UUID of version 5 made from its parts: the same parts give the same id on every machine. The parts are joined as
 * JSON, so that no two different lists of parts give one name.
 */
export function nameBasedUuid(parts: readonly (string | number)[]): string {
  const digest = createHash('sha1').update(NAMESPACE).update(JSON.stringify(parts)).digest()
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6)
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = digest.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}
