/** An unsigned 16-bit number, little-endian. */
export const u16 = (value: number): Uint8Array => Uint8Array.of(value & 0xff, value >> 8)

/** An unsigned 64-bit number, little-endian. */
export const u64 = (value: bigint): Uint8Array => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return Uint8Array.from(bytes)
}

/** Yes or no. */
export const flag = (isOn: boolean): Uint8Array => Uint8Array.of(isOn ? 1 : 0)

/** A list of fewer than 64 entries. */
export const list = (entries: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(Buffer.concat([Uint8Array.of(entries.length << 2), ...entries]))
