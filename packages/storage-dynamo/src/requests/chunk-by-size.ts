/** Cuts a list into runs of at most `maxCount` members and `maxBytes` bytes; a member that is larger stands alone. */
export function chunkBySize<T>(
  members: readonly T[],
  sizeOf: (member: T) => number,
  limits: Readonly<{ maxCount: number; maxBytes: number }>,
): readonly (readonly T[])[] {
  const chunks: T[][] = []
  let current: T[] = []
  let bytes = 0
  for (const member of members) {
    const size = sizeOf(member)
    if (current.length > 0 && (current.length >= limits.maxCount || bytes + size > limits.maxBytes)) {
      chunks.push(current)
      current = []
      bytes = 0
    }
    current.push(member)
    bytes += size
  }
  if (current.length > 0) chunks.push(current)
  return chunks
}
